import type { ParseContext, Question, TrainingIntent } from '@mallo/contracts';
import { isQuestion } from './command-signs.js';
import { isUsable } from './fields.js';
import { ordinals } from './lexicon.js';
import { optionAt } from './offered-options.js';
import { type Project, type Reading, read, says } from './reading.js';
import { asksWhQuestion } from './requests.js';
import { has } from './terms.js';
import { ask } from './wording.js';

/** What an answer such as "the second one" or "3" fills. */
export type Answer = {
  intent: TrainingIntent;
  fields: { path: string; value: unknown; from: number; to: number }[];
  /** Where the value is clear but not what it is of. */
  question?: Question;
};

/** The question that the last turn of the assistant asked: of which field, and what it offered, in its order. */
type Asked = { field: string; options: string[] };

const QUESTION_WORDS: [string, string][] = [
  ['hp.numClasses', 'numClasses'],
  ['hp.epochs', 'hyperparameters.epochs'],
  ['hp.batchSize', 'hyperparameters.batchSize'],
  ['hp.learningRate', 'hyperparameters.learningRate'],
  ['hp.imageSize', 'hyperparameters.imageSize'],
  ['noun.dataset', 'dataset'],
  ['noun.model', 'modelName'],
];

function askedBy(content: string, project: Project): Asked | undefined {
  const reading = read(content.slice(0, 4000), project);
  const datasets = reading.datasets
    .filter((hit) => hit.exact)
    .sort((a, b) => a.from - b.from)
    .map((hit) => hit.item.name);
  const models = reading.models
    .filter((model) => !model.familyOnly)
    .flatMap((model) => (model.name ? [model.name] : []));
  const first = QUESTION_WORDS.map(([concept, field]) => ({
    field,
    at: reading.terms.findIndex((term) => has(term, concept)),
  })).filter(({ at }) => at >= 0);
  const tasks = [...new Set(reading.tasks.filter((task) => !task.weak).map((task) => task.task))];
  if (tasks.length > 1 && datasets.length < 2) return { field: 'taskType', options: tasks };
  const isDatasetQuestion = first.some(({ field }) => field === 'dataset');
  const numeric = first.find(({ field }) => field === 'numClasses' || field.startsWith('hyperparameters.'));
  // "cats has 3 classes" in a question about classes also says "dataset"; the numbers offered tell which is asked.
  if (numeric && (!isDatasetQuestion || datasets.length < 2)) return { field: numeric.field, options: [] };
  if (isDatasetQuestion || datasets.length > 1) return { field: 'dataset', options: [...new Set(datasets)] };
  if (models.length > 0 || first.some(({ field }) => field === 'modelName'))
    return { field: 'modelName', options: [...new Set(models)] };
  return undefined;
}

/** The place in a list that a message points to: "the second one", "2번", "두 번째", "2". */
export function ordinalOf(reading: Reading): { place: number; from: number; to: number } | undefined {
  for (const [at, term] of reading.terms.entries()) {
    if (has(term, 'ordinal')) {
      const place = ordinals.get(term.text);
      if (place !== undefined) return { place, from: at, to: at + 1 };
    }
    const next = reading.terms[at + 1];
    const nth = next && ['번', '번째', '번으로', '째'].includes(next.text);
    if (
      term.number &&
      Number.isInteger(term.number.value) &&
      (nth || ['#', '옵션', 'option', 'number', 'no'].includes(reading.terms[at - 1]?.text ?? ''))
    ) {
      return { place: term.number.value, from: at, to: at + 2 };
    }
  }
  return loneNumber(reading);
}

/** "24년 거": the one of the options whose number ends in the only one said, as years do. */
function optionOf(reading: Reading, options: string[]): { place: number; from: number; to: number } | undefined {
  const [number, ...more] = reading.terms.flatMap((term, at) =>
    term.number ? [{ at, value: term.number.value }] : [],
  );
  if (!number || more.length > 0 || number.value < 10 || reading.terms.length > 6) return undefined;
  const hits = options.filter((option) =>
    (option.match(/\d+/g) ?? []).some((digits) => digits.endsWith(`${number.value}`)),
  );
  const [hit] = hits;
  if (!hit || hits.length > 1) return undefined;
  return { place: options.indexOf(hit) + 1, from: number.at, to: number.at + 1 };
}

/** A number that is all that a message says: "50", "make it 50 instead". */
function loneNumber(reading: Reading): { place: number; from: number; to: number } | undefined {
  const numbers = reading.terms.filter((term) => term.number);
  const [only] = numbers;
  if (
    only?.number &&
    numbers.length === 1 &&
    reading.unknown.size === 0 &&
    reading.terms.every(
      (term) =>
        term.number ||
        term.empty ||
        has(
          term,
          'pronoun',
          'affirm',
          'unit.counter',
          'noun.dataset',
          'alike',
          'hp.numClasses',
          'and',
          'only',
          'verb.make',
          'verb.change',
          'correction',
          'deny',
          'neg.before',
        ),
    )
  ) {
    const at = reading.terms.indexOf(only);
    return { place: only.number.value, from: at, to: at + 1 };
  }
  return undefined;
}

/** "50 is too many, 30", "16 말고 32": of two numbers the one that was set, and what it becomes. */
function replacedValue(reading: Reading, known: TrainingIntent): Answer | undefined {
  // The 50 of ResNet50 is of the name.
  const named = (at: number) => reading.models.some(({ from, to }) => at >= from && at < to);
  const numbers = reading.terms.flatMap((term, at) =>
    term.number && !named(at) ? [{ at, value: term.number.value }] : [],
  );
  const [first, second] = numbers;
  if (!first || !second || numbers.length !== 2 || reading.unknown.size > 1) return undefined;
  const said = reading.fields.found;
  const set = Object.entries(known.hyperparameters ?? {}).filter(
    ([name, value]) =>
      value === first.value && said.every((one) => one.path === `hyperparameters.${name}` && one.value === first.value),
  );
  const [name] = set[0] ?? [];
  const path = `hyperparameters.${name}`;
  if (!name || set.length !== 1 || !isUsable(path, second.value)) return undefined;
  return { intent: known, fields: [{ path, value: second.value, from: second.at, to: second.at + 1 }] };
}

/**
 * "make it 50 instead", where nothing was asked: of the setting spoken of last, or of the only one there is. Which one is
 * asked where several can be meant.
 */
function bareValue(
  reading: Reading,
  project: Project,
  known: TrainingIntent,
  context: ParseContext,
): Answer | undefined {
  const number = loneNumber(reading);
  if (!number || !known.dataset) return undefined;
  const usable = (paths: string[]) => [...new Set(paths)].filter((path) => isUsable(path, number.place));
  const before = context.history?.findLast((turn) => turn.role === 'user');
  const spoken = before
    ? read(before.content.slice(0, 4000), project)
        .fields.found.filter(({ path, value }) => path.startsWith('hyperparameters.') && typeof value === 'number')
        .map(({ path }) => path)
    : [];
  // A number alone is of what was spoken of just now, or of nothing.
  const changes = says(reading, 'verb.change', 'verb.make', 'correction');
  if (!(changes || spoken.length === 1)) return undefined;
  const set = Object.entries(known.hyperparameters ?? {})
    .filter(([, value]) => typeof value === 'number')
    .map(([name]) => `hyperparameters.${name}`);
  const meant = usable(spoken).length > 0 ? usable(spoken) : usable(set);
  const [path] = meant;
  if (!path) return undefined;
  if (meant.length > 1)
    return { intent: known, fields: [], question: ask.whichSetting(reading.language, number.place, meant) };
  return { intent: known, fields: [{ path, value: number.place, from: number.from, to: number.to }] };
}

/** Reads a short answer to the question that was asked last; undefined where the message is more than that. */
export function readAnswer(
  reading: Reading,
  project: Project,
  known: TrainingIntent,
  context: ParseContext,
): Answer | undefined {
  const replaced = replacedValue(reading, known);
  if (replaced) return replaced;
  const last = context.history?.findLast((turn) => turn.role === 'assistant');
  const datasets = context.datasets ?? [];
  const pointed = last && ordinalOf(reading);
  const option = pointed && optionAt(last.content, pointed.place, project);
  if (option) return { intent: known, fields: option.map((one) => ({ ...one, from: pointed.from, to: pointed.to })) };
  const asked =
    (last && askedBy(last.content, project)) ??
    (known.dataset || datasets.length === 0 ? undefined : { field: 'dataset', options: [] });
  const bare = last?.content.includes('?') ? undefined : bareValue(reading, project, known, context);
  if (bare) return bare;
  if (!asked) return undefined;
  const [offered] = asked.options;
  // "Did you mean the dataset cats?" – "yes"
  if (offered && asked.options.length === 1 && agrees(reading) && reading.terms.length < 5) {
    const dataset = datasets.find((one) => one.name === offered);
    const span = { from: 0, to: reading.terms.length };
    if (asked.field === 'dataset' && dataset && !known.dataset)
      return { intent: known, fields: [{ path: 'dataset', value: { id: dataset.id, name: dataset.name }, ...span }] };
    if (asked.field === 'modelName' && !known.modelName)
      return { intent: known, fields: [{ path: 'modelName', value: offered, ...span }] };
  }
  const ordinal = optionOf(reading, asked.options) ?? ordinalOf(reading);
  if (!ordinal) return undefined;
  const { place, from, to } = ordinal;
  if (asked.field === 'dataset' || asked.field === 'modelName' || asked.field === 'taskType') {
    const fitting = datasets.filter(
      (dataset) => !known.taskType || !dataset.taskType || dataset.taskType === known.taskType,
    );
    const options =
      asked.options.length > 0
        ? asked.options
        : asked.field === 'dataset'
          ? fitting.map((dataset) => dataset.name)
          : [];
    const chosen = options.at(place > 0 ? place - 1 : place);
    if (chosen === undefined || place > options.length) return undefined;
    if (asked.field !== 'dataset') return { intent: known, fields: [{ path: asked.field, value: chosen, from, to }] };
    const dataset = datasets.find((one) => one.name === chosen);
    return (
      dataset && {
        intent: known,
        fields: [{ path: 'dataset', value: { id: dataset.id, name: dataset.name }, from, to }],
      }
    );
  }
  if (!isUsable(asked.field, place)) return undefined;
  return { intent: known, fields: [{ path: asked.field, value: place, from, to }] };
}

/** "그걸로 시작해", "yes, go": what was worked out stands. */
export function agrees(reading: Reading): boolean {
  return (
    says(reading, 'affirm', 'verb.start', 'same') &&
    reading.unknown.size <= (says(reading, 'verb.start') ? 1 : 0) &&
    !says(reading, 'deny') &&
    // "what wine goes well with steak?", "강아지가 초콜릿 먹었는데 괜찮아?"
    !asksWhQuestion(reading) &&
    !(isQuestion(reading) && reading.terms.some((term) => term.subjects.length > 0 && term.concepts.length === 0))
  );
}

/** Whether the last turn of the assistant asked which dataset to use. */
export function asksForDataset(context: ParseContext, project: Project): boolean {
  const last = context.history?.at(-1);
  return last?.role === 'assistant' && askedBy(last.content, project)?.field === 'dataset';
}
