import type { ModelSource, ParseContext, TaskType } from '@mallo/contracts';
import { KnownModels } from './added-models.js';
import type { Fields } from './field-mentions.js';
import { findFields } from './fields.js';
import { words } from './lexicon.js';
import { memberOfNumber, SIZES, siblingOfSize } from './model-members.js';
import type { ModelMention } from './model-mention.js';
import { findModels } from './models.js';
import { handlesOf, loanwordsIn, type Named, NameIndex, wordsOf } from './names.js';
import { type NearMiss, nearMisses } from './near-miss.js';
import { isForbidden, isNegated, isRejected } from './negation.js';
import { has, saysIn, type Term, tellsApart, termsOf } from './terms.js';
import { isDisguised, normalise, type Text, unreadPart } from './text.js';
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
  /** Models that can be trained. */
  readonly trainable: KnownModels;
  /** Whether a term is a word of some name in the project. */
  readonly names: (term: Term) => boolean;

  constructor(readonly context: ParseContext) {
    const { datasets = [], runs = [], models = [] } = context;
    this.datasets = new NameIndex(
      datasets,
      (dataset) => dataset.name,
      (dataset) => dataset.classNames ?? [],
    );
    this.runs = new NameIndex(
      runs,
      (run) => run.name,
      () => [],
      (run) => run.id,
    );
    this.models = new NameIndex(models, (model) => model.name);
    this.trainable = new KnownModels(context.addedModels);
    this.names = ({ text, subjects }) => {
      return this.has(handlesOf(text, subjects));
    };
    this.words = wordsOf([
      ...datasets.flatMap((dataset) => [dataset.name, ...(dataset.classNames ?? []).slice(0, 1000)]),
      ...runs.map((run) => run.name),
      ...models.map((model) => model.name),
    ]);
  }

  private has(handles: readonly string[]): boolean {
    return this.datasets.has(handles) || this.runs.has(handles) || this.models.has(handles);
  }

  /** The tokens of a text, and the words of the project's names, those among them that the text spells by their sound. */
  tokenise(text: Text): { tokens: Token[]; words: ReadonlySet<string> } {
    const tokens = tokenise(text, this.words);
    const heard = loanwordsIn(tokens, (handles) => this.has(handles));
    if (heard.length === 0) return { tokens, words: this.words };
    const words = new Set([...this.words, ...heard]);
    return { tokens: tokenise(text, words), words };
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
  trainable: KnownModels;
  fields: Fields;
  tasks: TaskMention[];
  datasets: Named<ContextDataset>[];
  /** Runs and registered models of the project that are named, the best first. */
  ownRuns: Named<ContextRun>[];
  ownModels: Named<ContextModel>[];
  /** Names that are like those of the project's runs and models, and of its datasets, but none of them. */
  missedThings: NearMiss[];
  missedData: NearMiss[];
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
  '맞추다',
  '맞히다',
  '알아맞히다',
  '알아보다',
  '감지',
  'inspection',
  'inspect',
  '검사',
  '검수',
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
    if (tellsApart(terms, at)) {
      // "separate the crack from background"
      const outlines = terms.slice(at + 1, at + 8).some((next) => next.subjects.includes('background'));
      mentions.push({ task: outlines ? 'segmentation' : 'classification', from: term.from, to: term.to, weak: false });
    }
    if (term.concepts.length === 0 || isNegated(terms, at)) return;
    for (const task of TASKS) {
      // The suffix of yolov8n-seg says the task, the same letters in a dataset's name do not.
      if (has(term, `task.${task}`) && (!taken.has(at) || (task === 'segmentation' && !names.has(at))))
        // The masks of "masks on faces" may be what is worn.
        mentions.push({
          task,
          from: term.from,
          to: term.to,
          weak: VAGUE.has(term.text) || (term.subjects.length > 0 && task === 'segmentation'),
        });
    }
    // "집중하는지 지루한지 맞히는": of two questions one is to be answered.
    const asks = terms.slice(Math.max(0, at - 12), at).filter((one) => /[은는한인]지$/.test(one.text)).length;
    if (asks > 1 && has(term, 'task.classification') && VAGUE.has(term.text))
      mentions.push({ task: 'classification', from: term.from, to: term.to, weak: false });
    if (has(term, 'task.find')) {
      // "찾는 모델", "find helmets": looking for things in pictures is detection, for what is wrong anomaly detection.
      const defect = saysIn(terms, 'noun.defect');
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

/** "욜로v8 엑스라지 말고 라지로": the member of another size, where the one named is not wanted. */
function sizeInstead(terms: Term[], given: ModelMention, name: string): Omit<ModelMention, 'familyOnly'> | undefined {
  for (const [at, term] of terms.entries()) {
    if (term.from < given.to || isNegated(terms, at)) continue;
    const size = SIZES.find((one) => has(term, `size.${one}`));
    const other = size && siblingOfSize(name, size);
    const ofSetting = [1, -1].some((step) => terms[at + step]?.concepts.some((id) => /^(hp|noun\.image)/.test(id)));
    if (other && other !== name && !ofSetting) return { from: term.from, to: term.to, name: other, text: term.text };
  }
  return undefined;
}

/** Reads a message: what it names and says, without deciding what it asks for. */
export function read(message: string, project: Project): Reading {
  const text = normalise(message);
  const { tokens, words } = project.tokenise(text);
  const terms = termsOf(tokens, words);
  const exact = project.datasets.findExact(tokens).filter((hit) => hit.to - hit.from > 1 || !isCommonWord(terms, hit));
  const names = termsWithin(
    terms,
    exact.filter((hit) => hit.to - hit.from > 1),
  );
  const termOfToken = terms.flatMap((term, at) => new Array<number>(term.to - term.from).fill(at));
  const isStrange = (term: Term) =>
    !term.empty && !term.number && term.concepts.length + term.subjects.length === 0 && !project.names(term);
  const mentions = findModels(
    tokens,
    terms,
    termOfToken,
    isStrange,
    text.chars,
    project.trainable.mentions(tokens, text.chars),
  ).filter((mention) => !names.has(termOfToken[mention.from] ?? -1));
  const models: ModelMention[] = [];
  const unwantedModels: ModelMention[] = [];
  for (const mention of mentions) {
    const first = termOfToken[mention.from] ?? 0;
    const last = termOfToken[mention.to - 1] ?? first;
    const denied =
      isNegated(terms, last) ||
      (first !== last && isNegatedBefore(terms, first)) ||
      (mentions.length > 1 && isComparedTo(terms, first, last));
    (denied ? unwantedModels : models).push(mention);
  }
  // "resnet50 대신 34로"
  const [given] = unwantedModels;
  if (given?.name && models.length === 0 && unwantedModels.length === 1) {
    const { name } = given;
    const at = terms.findIndex(
      (term) => term.from >= given.to && term.number && memberOfNumber(name, term.number.value),
    );
    const term = terms[at];
    const before = terms[at - 1];
    const size = sizeInstead(terms, given, name);
    if (size) models.push({ ...size, familyOnly: false, family: given.family });
    const bound = [before, terms[at + 1]].some((one) => one?.concepts.some((id) => id.startsWith('hp.')));
    if (term?.number && !bound && !size)
      models.push({
        from: term.from,
        to: term.to,
        name: memberOfNumber(name, term.number.value),
        familyOnly: false,
        family: given.family,
        text: term.text,
      });
  }
  const modelTerms = termsWithin(terms, [...mentions, ...models]);
  // "cats 말고 digits로", "digits instead of cats"
  const wanted = (hits: Named<ContextDataset>[]) =>
    hits.filter((hit) => {
      const [first, last] = [termOfToken[hit.from] ?? 0, termOfToken[hit.to - 1] ?? 0];
      if (!hit.exact) return !isRejected(terms, last) && !isRejected(terms, first);
      return !isNegated(terms, last) && !isNegatedBefore(terms, first);
    });
  const taken = new Set([...modelTerms, ...termsWithin(terms, exact)]);
  // "apple-yolo11n 말고 fish-resnet34"
  const meant = <T>(hits: Named<T>[]) => hits.filter((hit) => !isRejected(terms, termOfToken[hit.to - 1] ?? 0));
  const ownRuns = meant(project.runs.find(tokens, terms));
  const ownModels = meant(project.models.find(tokens, terms));
  const datasets = wanted(project.datasets.find(tokens, terms, modelTerms));
  const named = termsWithin(
    terms,
    [...ownRuns, ...ownModels].filter((hit) => hit.exact),
  );
  const known = new Set(models.filter((model) => model.name).flatMap(({ from, to }) => range(from, to)));
  // The latte_art of the data is no slip of the latte-swin of the runs.
  const missedThings = outside(nearMisses(tokens, terms, [...ownRuns, ...ownModels], new Set()), exact);
  const missedData = nearMisses(tokens, terms, datasets, known);
  return {
    message,
    text,
    tokens,
    terms,
    concepts: new Set(terms.flatMap((term) => term.concepts)),
    language: languageOf(text, project.words),
    models,
    unwantedModels,
    trainable: project.trainable,
    fields: findFields(terms, new Set([...taken, ...named])),
    tasks: findTasks(terms, taken, names),
    ownRuns: outside(ownRuns, missedThings),
    ownModels: outside(ownModels, missedThings),
    datasets: outside(datasets, missedData),
    missedThings,
    missedData,
    source: SOURCES.find((source) =>
      terms.some((term, at) => has(term, `source.${source}`) && !modelTerms.has(at) && !isNegated(terms, at)),
    ),
    hostile:
      isDisguised(message) ||
      terms.some((term) => has(term, 'hostile')) ||
      soundsHostile(unreadPart(message)) ||
      /<\/?[a-z|]|\$\{|;\s*--|"role"\s*:/i.test(message),
    unknown: new Set(terms.filter((term, at) => isStrange(term) && !taken.has(at))),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Named things other than those that are named only by a part of a name that is not theirs. */
function outside<T extends { from: number; to: number; exact?: boolean }>(
  hits: T[],
  misses: readonly { from: number; to: number }[],
): T[] {
  return hits.filter((hit) => hit.exact || !misses.some((miss) => hit.from >= miss.from && hit.to <= miss.to));
}

function isNegatedBefore(terms: Term[], at: number): boolean {
  const before = terms.slice(Math.max(0, at - 2), at);
  const clause = before.findLastIndex(
    (term) => [',', '.', ';', '!', '?', ':'].includes(term.text) || has(term, 'correction'),
  );
  // "사전학습 안 쓰고 cats": the 안 is of the verb between them.
  return before
    .slice(clause + 1)
    .some((term, at, rest) => has(term, 'neg.before') && (term.text !== '안' || at === rest.length - 1));
}

/** "yolov8s보다 큰 yolov8l", "a bigger one than resnet18": named only to say how the other is. */
function isComparedTo(terms: Term[], first: number, last: number): boolean {
  return ['보다', '보단'].includes(terms[last + 1]?.text ?? '') || terms[first - 1]?.text === 'than';
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

/** Verbs that change something; to forbid one of them anywhere in its clause is enough. */
export const COMMANDS = ['verb.stop', 'verb.promote', 'verb.rollback', 'verb.roll', 'verb.resume', 'verb.quantize'];

/** Says it, and does not deny it; a verb that only describes (멈춘 학습) does not ask for what it says. */
export function means(reading: Reading, ...concepts: string[]): boolean {
  return (
    says(reading, ...concepts) &&
    reading.terms.some((term, at) => {
      if (!has(term, ...concepts)) return false;
      if (has(term, ...COMMANDS) ? isForbidden(reading.terms, at) : isNegated(reading.terms, at)) return false;
      return !term.describes || term.concepts.some((one) => concepts.includes(one) && !one.startsWith('verb.'));
    })
  );
}
