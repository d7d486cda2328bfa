import type { ModelSource, ParseContext, TaskType } from '@mallo/contracts';
import type { Fields } from './field-mentions.js';
import { findFields } from './fields.js';
import { words } from './lexicon.js';
import type { ModelMention } from './model-mention.js';
import { findModels } from './models.js';
import { hangulWordsOf, type Named, NameIndex } from './names.js';
import { isNegated, isRejected } from './negation.js';
import { has, type Term, tellsApart, termsOf } from './terms.js';
import { normalise, type Text, unreadPart } from './text.js';
import { type Token, tokenise } from './tokens.js';

export type ContextDataset = NonNullable<ParseContext['datasets']>[number];
export type ContextRun = NonNullable<ParseContext['runs']>[number];
export type ContextModel = NonNullable<ParseContext['models']>[number];

/** What this project has, made ready for looking up by name. */
export class Project {
  readonly datasets: NameIndex<ContextDataset>;
  readonly runs: NameIndex<ContextRun>;
  readonly models: NameIndex<ContextModel>;
  readonly words: ReadonlySet<string>;

  constructor(readonly context: ParseContext) {
    const { datasets = [], runs = [], models = [] } = context;
    this.datasets = new NameIndex(
      datasets,
      (dataset) => dataset.name,
      (dataset) => dataset.classNames ?? [],
    );
    this.runs = new NameIndex(runs, (run) => run.name);
    this.models = new NameIndex(models, (model) => model.name);
    this.words = hangulWordsOf([
      ...datasets.flatMap((dataset) => [dataset.name, ...(dataset.classNames ?? []).slice(0, 1000)]),
      ...runs.map((run) => run.name),
      ...models.map((model) => model.name),
    ]);
  }
}

export type TaskMention = { task: TaskType; from: number; to: number; weak: boolean };

/** Everything that was recognised in one message, before any of it is decided on. */
export type Reading = {
  /** As it was written. */
  message: string;
  text: Text;
  tokens: Token[];
  terms: Term[];
  /** Every concept that some term may mean. */
  concepts: ReadonlySet<string>;
  language: 'ko' | 'en';
  models: ModelMention[];
  /** Models the message says it does not want: "v2 말고 v1". */
  unwantedModels: ModelMention[];
  fields: Fields;
  tasks: TaskMention[];
  datasets: Named<ContextDataset>[];
  /** Runs and registered models of the project that are named, the best first. */
  ownRuns: Named<ContextRun>[];
  ownModels: Named<ContextModel>[];
  source?: ModelSource;
  hostile: boolean;
  /** Words that mean nothing to the grammar. */
  unknown: Set<Term>;
};

const TASKS: TaskType[] = ['classification', 'detection', 'segmentation', 'anomaly_detection'];
// Recognising is said of classes, of objects and of outlines alike.
const VAGUE = new Set([
  '인식',
  'recognize',
  'recognise',
  'recognizer',
  'recognition',
  'imagerecognition',
  'identify',
  '식별',
  '맞추',
  '알아맞히',
  'sort',
  'sorting',
]);
const SOURCES: ModelSource[] = ['timm', 'huggingface', 'ultralytics', 'mmdetection', 'mmsegmentation', 'detectron2'];

function languageOf(text: Text, words: ReadonlySet<string>): 'ko' | 'en' {
  const hangul = (text.chars.match(/[가-힣ㄱ-ㅎㅏ-ㅣ]+/g) ?? []).filter((run) => !words.has(run));
  return hangul.length > 0 ? 'ko' : 'en';
}

function findTasks(terms: Term[], taken: ReadonlySet<number>, names: ReadonlySet<number>): TaskMention[] {
  const mentions: TaskMention[] = [];
  terms.forEach((term, at) => {
    // "tell hamsters from guinea pigs"
    if (tellsApart(terms, at)) mentions.push({ task: 'classification', from: term.from, to: term.to, weak: false });
    if (term.concepts.length === 0 || isNegated(terms, at)) return;
    for (const task of TASKS) {
      // The suffix of yolov8n-seg says the task, the same letters in a dataset's name do not.
      if (has(term, `task.${task}`) && (!taken.has(at) || (task === 'segmentation' && !names.has(at))))
        mentions.push({ task, from: term.from, to: term.to, weak: VAGUE.has(term.text) });
    }
    if (has(term, 'task.find')) {
      // "찾는 모델", "find helmets": looking for things in pictures is detection, for what is wrong anomaly detection.
      const defect = terms.some((other) => has(other, 'noun.defect'));
      mentions.push({ task: defect ? 'anomaly_detection' : 'detection', from: term.from, to: term.to, weak: true });
    }
  });
  return mentions;
}

/** Term indexes that lie within token offsets. */
export function termsWithin(terms: Term[], spans: { from: number; to: number }[]): Set<number> {
  const covered = new Set<number>();
  for (const { from, to } of spans) for (let token = from; token < to; token += 1) covered.add(token);
  const inside = new Set<number>();
  terms.forEach((term, at) => {
    if (covered.has(term.from)) inside.add(at);
  });
  return inside;
}

/** Whether a text that is not read closely has a hostile phrase in it. */
function soundsHostile(text: string): boolean {
  if (!text) return false;
  const plain = ` ${text.toLowerCase().replace(/\s+/g, ' ')} `;
  return words.hostile.some((phrase) => plain.includes(/^[a-z]/.test(phrase) ? ` ${phrase} ` : phrase));
}

/** Reads a message: what it names and says, without deciding what it asks for. */
export function read(message: string, project: Project): Reading {
  const text = normalise(message);
  const tokens = tokenise(text, project.words);
  const terms = termsOf(tokens, project.words);
  const exact = project.datasets.findExact(tokens).filter((hit) => hit.to - hit.from > 1 || !isCommonWord(terms, hit));
  const names = termsWithin(
    terms,
    exact.filter((hit) => hit.to - hit.from > 1),
  );
  const termOfToken = terms.flatMap((term, at) => new Array<number>(term.to - term.from).fill(at));
  const mentions = findModels(tokens, terms, termOfToken).filter(
    (mention) => !names.has(termOfToken[mention.from] ?? -1),
  );
  const models: ModelMention[] = [];
  const unwantedModels: ModelMention[] = [];
  for (const mention of mentions) {
    const first = termOfToken[mention.from] ?? 0;
    const last = termOfToken[mention.to - 1] ?? first;
    const denied = isNegated(terms, last) || (first !== last && isNegatedBefore(terms, first));
    (denied ? unwantedModels : models).push(mention);
  }
  const modelTerms = termsWithin(terms, mentions);
  // "cats 말고 digits로", "digits instead of cats"
  const wanted = (hits: Named<ContextDataset>[]) =>
    hits.filter((hit) => {
      const [first, last] = [termOfToken[hit.from] ?? 0, termOfToken[hit.to - 1] ?? 0];
      if (!hit.exact) return !isRejected(terms, last) && !isRejected(terms, first);
      return !isNegated(terms, last) && !isNegatedBefore(terms, first);
    });
  const taken = new Set([...modelTerms, ...termsWithin(terms, exact)]);
  return {
    message,
    text,
    tokens,
    terms,
    concepts: new Set(terms.flatMap((term) => term.concepts)),
    language: languageOf(text, project.words),
    models,
    unwantedModels,
    fields: findFields(terms, taken),
    tasks: findTasks(terms, taken, names),
    ownRuns: project.runs.find(tokens, terms),
    ownModels: project.models.find(tokens, terms),
    datasets: wanted(project.datasets.find(tokens, terms, modelTerms)),
    source: SOURCES.find((source) =>
      terms.some((term, at) => has(term, `source.${source}`) && !modelTerms.has(at) && !isNegated(terms, at)),
    ),
    hostile:
      terms.some((term) => has(term, 'hostile')) ||
      soundsHostile(unreadPart(message)) ||
      /<\/?[a-z|]|\$\{|;\s*--|"role"\s*:/i.test(message),
    unknown: new Set(
      terms.filter(
        (term, at) =>
          !term.empty && !term.number && term.concepts.length === 0 && term.subjects.length === 0 && !taken.has(at),
      ),
    ),
  };
}

function isNegatedBefore(terms: Term[], at: number): boolean {
  const before = terms.slice(Math.max(0, at - 2), at);
  const clause = before.findLastIndex((term) => [',', '.', ';', '!', '?'].includes(term.text));
  return before.slice(clause + 1).some((term) => has(term, 'neg.before'));
}

/** A dataset called "data" or "train" is not meant by every sentence with that word. */
function isCommonWord(terms: Term[], hit: Named<ContextDataset>): boolean {
  const term = terms.find((one) => one.from === hit.from);
  return term !== undefined && term.subjects.length === 0 && (term.empty || term.concepts.length > 0);
}

/** Offsets of tokens [from, to) in the original message. */
export function spanOf(reading: Reading, from: number, to: number): [number, number] {
  const first = reading.tokens[from];
  const last = reading.tokens[to - 1];
  return first && last ? reading.text.spanOf(first.from, last.to) : [0, 0];
}

/** Offsets of terms [from, to) in the original message. */
export function termSpan(reading: Reading, from: number, to: number): [number, number] {
  const first = reading.terms[from];
  const last = reading.terms[to - 1];
  return first && last ? spanOf(reading, first.from, last.to) : [0, 0];
}

export function says(reading: Reading, ...concepts: string[]): boolean {
  return concepts.some((concept) => reading.concepts.has(concept));
}

/** Says it, and does not deny it. */
export function means(reading: Reading, ...concepts: string[]): boolean {
  return (
    says(reading, ...concepts) &&
    reading.terms.some((term, at) => has(term, ...concepts) && !isNegated(reading.terms, at))
  );
}
