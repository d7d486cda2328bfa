import type { CardCurves, LineageGraph, Locale, ModelCard, ModelVersion, TaskType } from '@mallo/contracts';
import { stringify } from 'yaml';
import { beganWith } from './card.js';
import { percent, rounded } from './figures.js';
import { type Say, wordsOf } from './words.js';

const PIPELINE: Partial<Record<TaskType, string>> = {
  classification: 'image-classification',
  detection: 'object-detection',
  segmentation: 'image-segmentation',
};
/** Of the hub's own names for licences; with another the name stands beside `other` (huggingface.co/docs/hub/repositories-licenses). */
const HUB_LICENSES = new Set([
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc-by-4.0',
  'cc-by-nc-4.0',
  'gpl-3.0',
  'agpl-3.0',
]);

export type ReadmeInput = { card: ModelCard; version: ModelVersion; taskType: TaskType | null; locale: Locale };

/** A model card in the form of Hugging Face: Markdown after YAML metadata (huggingface.co/docs/hub/model-cards). */
export function readme(input: ReadmeInput): string {
  const say = wordsOf(input.locale);
  const sections = [heading, notes, limits, data, figures, training, use, lineage, conversation];
  const parts = sections.flatMap((section) => section(input, say));
  return `---\n${stringify(metadata(input))}---\n\n${parts.join('\n\n')}\n`;
}

function metadata({ card, version, taskType, locale }: ReadmeInput) {
  const { config } = version;
  const datasetName = card.data?.name;
  const pipeline = taskType && PIPELINE[taskType];
  const type = pipeline ?? taskType;
  const metrics = Object.entries(version.metrics).map(([name, value]) => ({ type: name, value }));
  const base = beganWith(version);
  return {
    language: locale,
    ...licenseIn(card),
    ...(pipeline ? { pipeline_tag: pipeline } : {}),
    ...(config?.model.source === 'timm' ? { library_name: 'timm' } : {}),
    tags: ['mallo', ...(version.artifacts.some(({ name }) => name.endsWith('.onnx')) ? ['onnx'] : [])],
    ...(base ? { base_model: base } : {}),
    // The hub takes figures only of a named task and a named dataset.
    ...(type && datasetName !== undefined && metrics.length > 0
      ? {
          'model-index': [
            {
              name: `${version.modelName} ${version.version}`,
              results: [{ task: { type }, dataset: { name: datasetName, type: datasetName }, metrics }],
            },
          ],
        }
      : {}),
  };
}

function licenseIn({ license }: ModelCard) {
  if (license === null) return {};
  return HUB_LICENSES.has(license) ? { license } : { license: 'other', license_name: license };
}

function heading({ card, version }: ReadmeInput, say: Say): string[] {
  const { purpose, origin } = card;
  return [
    `# ${escaped(version.modelName)} ${version.version}`,
    ...(version.deprecation ? [`> ${say('deprecated', { reason: escaped(version.deprecation) })}`] : []),
    ...(purpose || origin ? [`## ${say('task')}`] : []),
    ...[purpose, origin].flatMap((sentence) => (sentence ? escaped(sentence) : [])),
    ...(version.memo ? [`## ${say('memo')}`, version.memo] : []),
  ];
}

/** Written by people in Markdown, and put in as they wrote it. */
function notes({ version: { notes } }: ReadmeInput, say: Say): string[] {
  if (!notes || notes.text.trim() === '') return [];
  const by = say('notesBy', { name: escaped(notes.by ?? '–'), at: notes.at.slice(0, 10) });
  return [`## ${say('notes')}`, notes.text.trim(), `*${by}*`];
}

function limits({ card }: ReadmeInput, say: Say): string[] {
  if (card.limits.length === 0) return [];
  return [`## ${say('limits')}`, card.limits.map((text) => `- ${escaped(text)}`).join('\n')];
}

function data({ card }: ReadmeInput, say: Say): string[] {
  if (!card.data) return [];
  const { statements, sha256, classes } = card.data;
  const rows = classes.map(({ name, imageCount, share, validationCount }) => [
    ...[name, imageCount ?? '–', share === null ? '–' : percent(share), validationCount ?? '–'],
  ]);
  return [
    `## ${say('data')}`,
    statements.map(escaped).join(' '),
    ...(sha256 ? [`SHA-256 \`${sha256}\``] : []),
    ...(rows.length > 0 ? [table([say('class'), say('images'), say('share'), say('validation')], rows)] : []),
  ];
}

function figures({ card, version: { metrics, result } }: ReadmeInput, say: Say): string[] {
  const rows = Object.entries(metrics).map(([name, value]) => [name, rounded(value)]);
  if (rows.length === 0) return [];
  const all = [`## ${say('metrics')}`, table([say('figure'), say('value')], rows)];
  if (!result) return all;
  const names = result.perClass.map(({ name }) => name);
  const perClass = result.perClass.map((row) => [
    row.name,
    percent(row.precision),
    percent(row.recall),
    percent(row.f1),
  ]);
  const confused = result.confusionMatrix.map((counts, at) => [names[at] ?? '', ...counts]);
  return [
    ...all,
    table([say('class'), say('precision'), say('recall'), 'F1'], perClass),
    `### ${say('confusion')}`,
    table(['', ...names], confused),
    ...(card.curves.length > 0 ? [`### ${say('curves')}`, ...card.curves.map(chart)] : []),
  ];
}

/** Curves as Mermaid draws them (mermaid.js.org/syntax/xyChart.html). */
function chart({ title, epochs, lines }: CardCurves): string {
  const drawn = lines.map(({ name, values }) => `  line "${name}" [${values.join(', ')}]`);
  const axis = `  x-axis "epoch" [${epochs.join(', ')}]`;
  return ['```mermaid', 'xychart-beta', `  title "${title}"`, axis, ...drawn, '```'].join('\n');
}

function training({ card, version: { configHash } }: ReadmeInput, say: Say): string[] {
  const { training: sentences, license, settings, runTags, environment } = card;
  const rows = settings.map(({ name, value }) => [name, value]);
  if (configHash) rows.push(['SHA-256', configHash]);
  const told = [
    ...(sentences.length > 0 ? [sentences.map(escaped).join(' ')] : []),
    ...(license ? [say('license', { license: escaped(license) })] : []),
    ...(rows.length > 0 ? [table([say('setting'), say('value')], rows)] : []),
    ...(runTags.length > 0
      ? [
          table(
            [say('runTag'), say('value')],
            runTags.map(({ name, value }) => [name, value]),
          ),
        ]
      : []),
    ...(environment ? [escaped(environment.statement)] : []),
    ...(environment?.text ? [fenced('', environment.text)] : []),
  ];
  return told.length > 0 ? [`## ${say('training')}`, ...told] : [];
}

function use({ card: { snippets } }: ReadmeInput, say: Say): string[] {
  if (snippets.length === 0) return [];
  return [`## ${say('use')}`, ...snippets.flatMap(({ title, code }) => [`### ${title}`, fenced('python', code)])];
}

function lineage({ card }: ReadmeInput, say: Say): string[] {
  return [`## ${say('lineage')}`, `\`\`\`mermaid\ngraph LR\n${steps(card.lineage).join('\n')}\n\`\`\``];
}

function steps({ nodes, edges }: LineageGraph): string[] {
  const places = new Map(nodes.map(({ key }, at) => [key, `n${at}`]));
  const label = (text: string) => JSON.stringify(text.replaceAll('"', "'").replaceAll('\\', '/').replaceAll('\n', ' '));
  return [
    ...nodes.map(({ key, title, detail }) => {
      return `  ${places.get(key)}[${label([title, detail].filter((text) => text !== null).join(' · '))}]`;
    }),
    ...edges.map(({ from, to }) => `  ${places.get(from)} --> ${places.get(to)}`),
  ];
}

function conversation({ version: { transcript } }: ReadmeInput, say: Say): string[] {
  if (!transcript) return [];
  const turns = transcript.turns.map(({ role, text }) => {
    const who = role === 'user' ? say('you') : 'Mallo';
    return `**${who}**\n\n${text
      .split('\n')
      .map((line) => `> ${escaped(line)}`)
      .join('\n')}`;
  });
  return [`## ${say('conversation')}`, ...turns];
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.map((cell) => escaped(String(cell))).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text as it is, whatever fences are in it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** Names come from people: in a card they are text, never markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (mark) => `\\${mark}`).replace(/\r?\n/g, ' ');
}
