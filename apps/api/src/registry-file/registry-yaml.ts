import { describeIssues } from '@mallo/backend';
import {
  type LocalText,
  MalloError,
  quoted,
  REGISTRY_FORMAT,
  RegistryHead,
  RegistryModel,
  type RegistryVersion,
} from '@mallo/contracts';
import { parse, stringify } from 'yaml';

/** The largest document that is read: a model with thousands of versions. */
const DOCUMENT_LIMIT = 16_000_000;

const HEAD = `# A registry of Mallo: after this document one for each model, with its versions and all that happened to them.
# The files of the versions are where \`path\` says, each with its SHA-256.
`;

/** registry.yaml in pieces: a document that says what it is, then one for each model. */
export async function* writeRegistry(models: AsyncIterable<RegistryModel>): AsyncGenerator<string> {
  yield HEAD + stringify({ 'mallo-registry': REGISTRY_FORMAT });
  for await (const model of models) yield `---\n${stringify(model, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/**
 * The models of a registry.yaml, each read and checked by itself.
 * @throws MalloError registry.unreadable, registry.format_unknown
 */
export async function* readRegistry(chunks: AsyncIterable<Buffer>): AsyncGenerator<RegistryModel> {
  let count = 0;
  for await (const text of documents(chunks)) {
    const value = contentOf(text, count);
    if (count === 0) checkHead(value);
    else yield modelOf(value, count);
    count += 1;
  }
  if (count === 0) checkHead(null);
}

/** The documents of a YAML stream: a line of three dashes can be nothing else (YAML 1.2, 9.1.2). */
async function* documents(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let lines: string[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const found = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = found.pop() ?? '';
    for (const line of found) {
      if (/^---(\s|$)/.test(line) && lines.some((one) => one.trim() !== '' && !one.startsWith('#'))) {
        yield lines.join('\n');
        [lines, size] = [[], 0];
      }
      lines.push(line);
      size += line.length + 1;
    }
    if (size + rest.length > DOCUMENT_LIMIT) {
      throw new MalloError('registry.unreadable', {
        problem: {
          en: `a document has more than ${DOCUMENT_LIMIT} characters`,
          ko: `문서 하나가 ${DOCUMENT_LIMIT}자를 넘습니다`,
        },
      });
    }
  }
  lines.push(rest + decoder.decode());
  if (lines.some((line) => line.trim() !== '')) yield lines.join('\n');
}

function contentOf(text: string, at: number): unknown {
  try {
    // No anchors: nothing here needs them, and a few lines of them can stand for gigabytes.
    return parse(text, { maxAliasCount: 0, logLevel: 'error' });
  } catch (cause) {
    const said = quoted(cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : cause);
    const problem = { en: `document ${at + 1}: ${said}`, ko: `${at + 1}번째 문서: ${said}` };
    throw new MalloError('registry.unreadable', { problem }, { cause });
  }
}

function checkHead(value: unknown): void {
  if (RegistryHead.safeParse(value).success) return;
  const format =
    typeof value === 'object' && value !== null && 'mallo-registry' in value ? value['mallo-registry'] : undefined;
  if (format === undefined) {
    throw new MalloError('registry.unreadable', {
      problem: { en: 'it does not begin with “mallo-registry”', ko: '“mallo-registry”로 시작하지 않습니다' },
    });
  }
  throw new MalloError('registry.format_unknown', { format: String(format).slice(0, 50), known: REGISTRY_FORMAT });
}

function modelOf(value: unknown, at: number): RegistryModel {
  const read = RegistryModel.safeParse(value);
  if (!read.success) {
    const { en, ko } = describeIssues(RegistryModel, value);
    throw new MalloError('registry.unreadable', {
      problem: { en: `document ${at + 1}: ${en}`, ko: `${at + 1}번째 문서: ${ko}` },
    });
  }
  const found = contradiction(read.data);
  if (found) {
    const { model } = read.data;
    const problem = { en: `“${model}”: ${found.en}`, ko: `“${model}”: ${found.ko}` };
    throw new MalloError('registry.unreadable', { problem });
  }
  return read.data;
}

/** What cannot all be true of one model; null when it can. */
function contradiction({ versions, aliases, aliasChanges, gateChanges, ...model }: RegistryModel): LocalText | null {
  if (JSON.stringify([versions, aliasChanges, gateChanges, model]).includes('\\u0000'))
    return { en: 'a character is NUL', ko: 'NUL 문자가 있습니다' };
  const there = new Map(versions.map((version) => [version.version, version]));
  if (there.size < versions.length) return { en: 'a version is there twice', ko: '같은 버전이 두 번 있습니다' };
  for (const [alias, version] of Object.entries(aliases)) {
    const found = there.get(version);
    if (found && !found.deletedAt) continue;
    return {
      en: `@${alias} points to ${version}, which ${found ? 'is deleted' : 'is not there'}`,
      ko: `@${alias}이(가) 가리키는 ${version} 버전이 ${found ? '삭제되었습니다' : '없습니다'}`,
    };
  }
  for (const version of versions) {
    const problem = contradictionIn(version, there);
    if (problem) return problem;
  }
  const ids = [...versions, ...aliasChanges, ...gateChanges, ...versions.flatMap(({ notes }) => notes)];
  if (new Set(ids.map(({ id }) => id)).size < ids.length)
    return { en: 'an id is there twice', ko: '같은 id가 두 번 있습니다' };
  for (const keys of [aliasChanges, gateChanges, versions].map((all) => all.flatMap(({ key }) => key ?? []))) {
    if (new Set(keys).size < keys.length) return { en: 'a key is there twice', ko: '같은 키가 두 번 있습니다' };
  }
  return null;
}

function contradictionIn(version: RegistryVersion, there: ReadonlyMap<string, unknown>): LocalText | null {
  const { version: number, madeFrom, files } = version;
  if (new Set(files.map(({ name }) => name)).size < files.length)
    return { en: `two files of ${number} have one name`, ko: `${number} 버전에 이름이 같은 파일이 둘 있습니다` };
  if (madeFrom && !there.has(madeFrom)) return { en: `${madeFrom} is not there`, ko: `${madeFrom} 버전이 없습니다` };
  if (version.purgedAt && !version.deletedAt)
    return { en: `${number} is purged but not deleted`, ko: `${number} 버전을 비웠는데 삭제하지 않았습니다` };
  if (version.purgedAt && files.length > 0)
    return { en: `${number} is purged but has files`, ko: `비운 ${number} 버전에 파일이 있습니다` };
  return null;
}
