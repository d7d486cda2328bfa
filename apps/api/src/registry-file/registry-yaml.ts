import { describeIssues } from '@mallo/backend';
import { MalloError, REGISTRY_FORMAT, RegistryHead, RegistryModel } from '@mallo/contracts';
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
      throw new MalloError('registry.unreadable', { problem: `a document has more than ${DOCUMENT_LIMIT} characters` });
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
    const problem = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new MalloError('registry.unreadable', { problem: `document ${at + 1}: ${problem}` }, { cause });
  }
}

function checkHead(value: unknown): void {
  if (RegistryHead.safeParse(value).success) return;
  const format =
    typeof value === 'object' && value !== null && 'mallo-registry' in value ? value['mallo-registry'] : undefined;
  if (format === undefined) {
    throw new MalloError('registry.unreadable', { problem: 'it does not begin with “mallo-registry”' });
  }
  throw new MalloError('registry.format_unknown', { format: String(format).slice(0, 50), known: REGISTRY_FORMAT });
}

function modelOf(value: unknown, at: number): RegistryModel {
  const read = RegistryModel.safeParse(value);
  if (!read.success) {
    throw new MalloError('registry.unreadable', { problem: describeIssues(read.error, `document ${at + 1}`) });
  }
  const problem = contradiction(read.data);
  if (problem) throw new MalloError('registry.unreadable', { problem: `“${read.data.model}”: ${problem}` });
  return read.data;
}

/** What cannot all be true of one model; null when it can. */
function contradiction({ versions, aliases, aliasChanges, gateChanges, ...model }: RegistryModel): string | null {
  if (JSON.stringify([versions, aliasChanges, gateChanges, model]).includes('\\u0000')) return 'a character is NUL';
  const there = new Map(versions.map((version) => [version.version, version]));
  if (there.size < versions.length) return 'a version is there twice';
  for (const [alias, version] of Object.entries(aliases)) {
    const found = there.get(version);
    if (!found || found.deletedAt)
      return `@${alias} points to ${version}, which ${found ? 'is deleted' : 'is not there'}`;
  }
  for (const version of versions) {
    const names = version.files.map(({ name }) => name);
    if (new Set(names).size < names.length) return `two files of ${version.version} have one name`;
    if (version.madeFrom && !there.has(version.madeFrom)) return `${version.madeFrom} is not there`;
    if (version.purgedAt && !version.deletedAt) return `${version.version} is purged but not deleted`;
    if (version.purgedAt && version.files.length > 0) return `${version.version} is purged but has files`;
  }
  const ids = [...versions, ...aliasChanges, ...gateChanges, ...versions.flatMap(({ notes }) => notes)];
  if (new Set(ids.map(({ id }) => id)).size < ids.length) return 'an id is there twice';
  for (const keys of [aliasChanges, gateChanges, versions].map((all) => all.flatMap(({ key }) => key ?? []))) {
    if (new Set(keys).size < keys.length) return 'a key is there twice';
  }
  return null;
}
