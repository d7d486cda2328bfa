import type { DatasetVersion, Locale, ModelVersion, TaskType } from '@mallo/contracts';
import { stringify } from 'yaml';
import { chart, type Epoch } from './card-curves.js';
import { snippets } from './snippets.js';
import { type Word, wordsOf } from './words.js';

/** Below this many validation images one picture more or less moves a class's recall by ten points. */
const FEW = 10;
const WEAK_RECALL = 0.7;
/** What a desktop processor and one GPU draw under load, about: what is not measured is not told more exactly. */
const CPU_WATTS = 65;
const GPU_WATTS = 300;
const PIPELINE: Partial<Record<TaskType, string>> = {
  classification: 'image-classification',
  detection: 'object-detection',
  segmentation: 'image-segmentation',
};

export type CardInput = {
  version: ModelVersion;
  taskType: TaskType | null;
  /** Images by class of the dataset version it learned from; null when that is gone. */
  classes: DatasetVersion['classes'] | null;
  /** How the figures went; null where the version has no record of it. */
  epochs: Epoch[] | null;
  /** Of an hour of training, such as 1.2 USD; null where none is set. */
  hourlyPrice: { amount: number; currency: string } | null;
  locale: Locale;
};

type Say = (name: Word, values?: Record<string, string | number>) => string;

/** A model card in the form of Hugging Face: Markdown after YAML metadata (huggingface.co/docs/hub/model-cards). */
export function modelCard(input: CardInput): string {
  const say = wordsOf(input.locale);
  const sections = [heading, notes, limits, data, figures, curves, training, use, lineage, conversation];
  const parts = sections.flatMap((section) => section(input, say) ?? []);
  return `---\n${stringify(metadata(input))}---\n\n${parts.join('\n\n')}\n`;
}

function metadata({ version, taskType, locale }: CardInput) {
  const { config, result } = version;
  const pipeline = taskType && PIPELINE[taskType];
  const results = Object.entries(version.metrics).map(([type, value]) => ({ type, value }));
  return {
    language: locale,
    ...(pipeline ? { pipeline_tag: pipeline } : {}),
    ...(config?.model.source === 'timm' ? { library_name: 'timm' } : {}),
    tags: ['mallo', ...version.artifacts.flatMap(({ name }) => (name.endsWith('.onnx') ? 'onnx' : []))],
    ...(config && config.model.source === 'timm' && result && result.weightsSource !== 'none'
      ? { base_model: `timm/${config.model.name}` }
      : {}),
    'model-index': [
      {
        name: `${version.modelName} ${version.version}`,
        results: [
          {
            task: { type: pipeline ?? taskType ?? 'unknown' },
            dataset: { name: version.datasetName ?? '', type: version.datasetName ?? '' },
            metrics: results,
          },
        ],
      },
    ],
  };
}

function heading({ version, taskType }: CardInput, say: Say): string[] {
  const { classNames } = version;
  const purpose = classNames
    ? say('classifies', { count: classNames.length, names: classNames.map(escaped).join(', ') })
    : taskType && say('otherTask', { task: taskType });
  return [
    `# ${escaped(version.modelName)} ${version.version}`,
    ...(version.deprecation ? [`> ${say('deprecated', { reason: escaped(version.deprecation) })}`] : []),
    `## ${say('task')}`,
    ...(purpose ? [purpose] : []),
    ...(version.config ? [] : [say('uploaded')]),
    ...(version.memo ? [`## ${say('memo')}`, version.memo] : []),
  ];
}

/** Written by people in Markdown, and put in as they wrote it. */
function notes({ version: { notes } }: CardInput, say: Say): string[] | null {
  if (!notes || notes.text.trim() === '') return null;
  const by = say('notesBy', { name: escaped(notes.by ?? '–'), at: notes.at.slice(0, 10) });
  return [`## ${say('notes')}`, notes.text.trim(), `*${by}*`];
}

function limits({ version: { result } }: CardInput, say: Say): string[] | null {
  if (!result) return null;
  const found = result.perClass.flatMap(({ name, support, recall }) => {
    const values = { name: escaped(name), count: support, recall: percent(recall) };
    if (support === 0) return say('noValidation', values);
    if (support < FEW) return say('fewValidation', values);
    return recall < WEAK_RECALL ? say('weakClass', values) : [];
  });
  return [`## ${say('limits')}`, [...found, say('unknownThings')].map((text) => `- ${text}`).join('\n')];
}

function data({ version, classes }: CardInput, say: Say): string[] | null {
  const { config, datasetVersionSha256: sha256, result } = version;
  if (!config || !sha256) return null;
  const counts = new Map(classes?.map(({ name, imageCount }) => [name, imageCount]));
  const rows = (result?.perClass ?? []).map(({ name, support }) => [name, counts.get(name) ?? '–', support]);
  return [
    `## ${say('data')}`,
    say('datasetIs', { name: escaped(config.dataset.name), sha256: `\`${sha256}\`` }),
    table([say('class'), say('images'), say('validation')], rows),
  ];
}

function figures({ version: { metrics, result } }: CardInput, say: Say): string[] | null {
  const rows = Object.entries(metrics).map(([name, value]) => [name, rounded(value)]);
  if (rows.length === 0) return null;
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
  ];
}

function curves({ epochs }: CardInput, say: Say): string[] | null {
  if (!epochs) return null;
  return [
    `### ${say('curves')}`,
    chart(epochs, say('loss'), ['train_loss', 'val_loss']),
    chart(epochs, say('accuracy'), ['train_accuracy', 'val_accuracy']),
  ];
}

/** What the training took of current and money; both are estimates, and say what they are made of. */
function costs(seconds: number, device: string, hourlyPrice: CardInput['hourlyPrice'], say: Say): string[] {
  const watts = device.startsWith('cpu') ? CPU_WATTS : GPU_WATTS;
  const hours = seconds / 3600;
  const energy = say('energy', { energy: rounded(hours * watts), watts });
  if (!hourlyPrice) return [energy];
  const { amount, currency } = hourlyPrice;
  return [energy, say('cost', { cost: rounded(hours * amount), price: amount, currency })];
}

function training(
  { version: { config, configHash, recipe, result, architecture }, hourlyPrice }: CardInput,
  say: Say,
): string[] | null {
  if (!config || !result) return null;
  const rows = Object.entries(config.hyperparameters).map(([name, value]) => [name, String(value)]);
  const seconds = result.durationSeconds;
  const duration =
    seconds < 120
      ? say('seconds', { count: Math.round(seconds) })
      : say('minutes', { count: Math.round(seconds / 60) });
  const { epochsDone: epochs, device, weightsSource: weights } = result;
  return [
    `## ${say('training')}`,
    [
      say('trainedFor', { architecture: escaped(architecture), epochs, duration, device, weights }),
      ...costs(seconds, device, hourlyPrice, say),
    ].join(' '),
    table([say('setting'), say('value')], [...rows, ['SHA-256', configHash ?? '']]),
    say('environment', { recipe: recipe ?? '' }),
  ];
}

function use({ version }: CardInput, say: Say): string[] | null {
  const found = snippets(version);
  if (found.length === 0) return null;
  return [`## ${say('use')}`, ...found.flatMap(({ title, code }) => [`### ${title}`, `\`\`\`python\n${code}\`\`\``])];
}

function lineage({ version }: CardInput, say: Say): string[] | null {
  const { config, configHash, transcript, runId, datasetVersionSha256, madeFrom, children } = version;
  if (!config && !madeFrom && children.length === 0) return null;
  const label = (text: string) => JSON.stringify(text.replaceAll('"', "'").replaceAll('\n', ' '));
  const named = (number: string) => label(`${version.modelName} ${number}`);
  const ofTraining = config && [
    ...(transcript ? [`conversation[${label(`${transcript.conversationId}`)}] --> config`] : []),
    `config[${label(`config ${configHash?.slice(0, 12)}`)}] --> run`,
    `dataset[${label(`${config.dataset.name} ${datasetVersionSha256?.slice(0, 12)}`)}] --> run`,
    `run[${label(runId ?? '')}] --> model[${named(version.version)}]`,
  ];
  const steps = [
    ...(ofTraining ?? []),
    ...(madeFrom ? [`parent[${named(madeFrom)}] --> model[${named(version.version)}]`] : []),
    ...children.map((child, at) => `model[${named(version.version)}] --> child${at}[${named(child)}]`),
  ];
  return [`## ${say('lineage')}`, `\`\`\`mermaid\ngraph LR\n${steps.map((step) => `  ${step}`).join('\n')}\n\`\`\``];
}

function conversation({ version: { transcript } }: CardInput, say: Say): string[] | null {
  if (!transcript) return null;
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

/** Names come from people: in a card they are text, never markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (mark) => `\\${mark}`).replace(/\r?\n/g, ' ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(5)));
}
