import type { FieldOrigin, Question, TaskType, TrainingIntent } from '@mallo/contracts';
import { distance } from 'fastest-levenshtein';
import type { ClassList } from './classes.js';
import { wouldBeFound } from './comparable.js';
import type { Named } from './names.js';
import { namePartsOf } from './names.js';
import { near } from './near.js';
import { type ContextDataset, type Project, type Reading, spanOf, termsWithin } from './reading.js';
import { has, type Term } from './terms.js';
import { ask, type Language, say, TASK_NAMES } from './wording.js';

export type DatasetChoice = {
  dataset?: ContextDataset;
  /** Absent where an earlier turn chose it. */
  origin?: FieldOrigin;
  questions: Question[];
  /** The task of the dataset that is named, where it is not the message's. */
  otherTask?: TaskType;
};

type Wanted = {
  reading: Reading;
  project: Project;
  base: TrainingIntent;
  /** The task the message states. */
  task?: TaskType;
  /** The task of the model it names. */
  modelTask?: TaskType;
  /** What a vaguer word suggests. */
  weakTask?: TaskType;
  classes?: ClassList;
};

const MOST_OPTIONS = 8;
const names = (datasets: readonly ContextDataset[]) => datasets.slice(0, MOST_OPTIONS).map((dataset) => dataset.name);

/** Whether a dataset can be used for a task; one of unknown task can for any. */
function fits(dataset: ContextDataset, task: TaskType | undefined): boolean {
  return !task || !dataset.taskType || dataset.taskType === task;
}

/** Picks the dataset that a message means, or asks; it never guesses between several. */
export function chooseDataset(wanted: Wanted): DatasetChoice {
  const { reading, project, base } = wanted;
  const all = project.context.datasets ?? [];
  const { language } = reading;
  // Whoever looks for defects says "detect" of what the field calls anomaly detection.
  const saysDefect = reading.terms.some((term) => has(term, 'noun.defect'));
  const named = reading.datasets;
  const top = named[0];
  const task =
    (wanted.task === 'detection' || (wanted.task === 'classification' && top)) &&
    (saysDefect || wanted.modelTask === 'anomaly_detection') &&
    wanted.modelTask !== 'detection' &&
    (!top || top.item.taskType === 'anomaly_detection')
      ? undefined
      : (wanted.task ?? modelTaskOf(wanted) ?? base.taskType);

  if (top) {
    const best = named.filter((hit) => hit.exact === top.exact && hit.score >= top.score - (top.exact ? 4 : 0.01));
    const fitting = best.filter((hit) => fits(hit.item, task));
    const others = named.filter((hit) => fits(hit.item, task) && hit.score >= top.score - 1.5);
    const candidates = fitting.length > 0 ? fitting : top.exact ? [] : others;
    const suggested = candidates.filter((hit) => fits(hit.item, wanted.weakTask));
    const distinct = [...new Set((suggested.length > 0 ? suggested : candidates).map((hit) => hit.item))];
    const corrected = correctedTo(reading, candidates);
    if (corrected) distinct.splice(0, distinct.length, corrected.item);
    const first = candidates.find((hit) => hit.item === distinct[0]);
    if (distinct.length > 1) return { questions: [ask.dataset(language, names(distinct))] };
    if (first) {
      const unmet =
        namesSomethingElse(wanted, first) ||
        missesName(reading, first) ||
        (!first.exact && (namesOtherData(reading) || namesKindsOfOneClass(reading, first)));
      if (!unmet)
        return {
          dataset: first.item,
          origin: { kind: 'message', span: spanOf(reading, first.from, first.to) },
          questions: [],
        };
    }
    const has = top.item.taskType;
    if (!first && task && has) {
      const options = names(all.filter((dataset) => fits(dataset, task)));
      const questions = [ask.datasetOfOtherTask(language, top.item.name, has, task, options)];
      if (wanted.task) questions.push(ask.taskType(language, [has, task]));
      return { questions, otherTask: has };
    }
  }

  const slip = misspeltSubject(wanted, task);
  if (slip) return slip;
  // "메모리 모자라니까 배치 8": whoever changes a value of what is settled names no other data.
  const changes = base.dataset && reading.fields.found.length > 0 && !speaksOfData(reading);
  const unmet = changes ? undefined : subjectWithoutDataset(wanted);
  const fitting = all.filter((dataset) => fits(dataset, task));
  const lone = fitting.length === 1 && (task !== undefined || all.length === 1) ? fitting[0] : undefined;
  // Words of another language that no lexicon has may well be what the only dataset for the task shows.
  if (unmet && !(lone && !unmet.words.some((word) => isMissingIn(word, lone)))) {
    return { questions: [ask.unknownDataset(language, unmet.text, names(nearestFirst(fitting, unmet.text)))] };
  }
  const earlier = base.dataset && all.find((dataset) => dataset.id === base.dataset?.id);
  if (base.dataset) {
    const dataset = earlier ?? { ...base.dataset };
    if (fits(dataset, task) || !dataset.taskType || !task) return { dataset, questions: [] };
    const options = names(all.filter((other) => fits(other, task)));
    return { questions: [ask.datasetOfOtherTask(language, dataset.name, dataset.taskType, task, options)] };
  }
  const looked = task ?? wanted.weakTask;
  const suitable = all.filter(
    (dataset) => fits(dataset, looked) && (dataset.taskType !== undefined || all.length === 1),
  );
  const [only] = suitable;
  if (only && suitable.length === 1 && (looked || all.length === 1)) {
    return { dataset: only, origin: { kind: 'default', reason: onlyReason(language, looked) }, questions: [] };
  }
  return {
    questions: [
      ask.dataset(language, names(suitable.length > 0 ? suitable : all.filter((dataset) => fits(dataset, looked)))),
    ],
  };
}

/** "use digits, no wait, use cats": of two datasets named in full, the one behind the correction. */
function correctedTo(reading: Reading, hits: Named<ContextDataset>[]): Named<ContextDataset> | undefined {
  const exact = hits.filter((hit) => hit.exact).sort((a, b) => a.from - b.from);
  const [first, last] = [exact[0], exact.at(-1)];
  if (!first || !last || first === last) return undefined;
  const between = reading.terms.filter((term) => term.from >= first.to && term.to <= last.from);
  return between.some((term) => has(term, 'correction') || ['no', 'nope'].includes(term.text)) ? last : undefined;
}

const speaksOfData = (reading: Reading) =>
  reading.tasks.length > 0 ||
  reading.missedData.length > 0 ||
  reading.terms.some((term) => has(term, 'noun.dataset', 'verb.train') || ['on', 'using'].includes(term.text));

/** Whether a word is of something that a dataset does not show. */
function isMissingIn(word: Unmet['words'][number], { name, classNames = [] }: ContextDataset): boolean {
  return wouldBeFound(word, [name, ...classNames.slice(0, 200)]);
}

function likeness(dataset: ContextDataset, word: string): number {
  return Math.min(
    ...dataset.name
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .map((part) => distance(part, word)),
  );
}

function nearestFirst(datasets: readonly ContextDataset[], word: string): ContextDataset[] {
  return [...datasets].sort((a, b) => likeness(a, word) - likeness(b, word));
}

/** Whether a word nobody knows is a slip away from the name of a dataset. */
export function isNearMiss(datasets: readonly ContextDataset[], word: string): boolean {
  return (
    word.length >= 4 &&
    word.length <= 40 &&
    datasets.some((dataset) => likeness(dataset, word) <= (word.length > 5 ? 2 : 1))
  );
}

function onlyReason(language: Language, task: TaskType | undefined): string {
  if (!task)
    return say({ ko: '이 프로젝트의 데이터셋은 이것뿐이에요', en: 'It is the only dataset of this project' }, language);
  const sentence = { ko: '{task}에 쓸 수 있는 데이터셋은 이것뿐이에요', en: 'It is the only dataset for {task}' };
  return say(sentence, language, { task: TASK_NAMES[task][language] });
}

function modelTaskOf({ modelTask, reading }: Wanted): TaskType | undefined {
  // A classifier's network can also be the backbone of an anomaly detector, so it does not settle the task alone.
  const named = reading.datasets[0]?.item.taskType;
  if (modelTask === 'classification' && named === 'anomaly_detection') return undefined;
  return modelTask;
}

/** "고양이 분류, dataset은 cats-v2로": a name like that of the data is said, and of none of this project. */
function missesName({ missedData, terms }: Reading, { item, exact }: Named<ContextDataset>): boolean {
  const { strong } = namePartsOf(item.name);
  return missedData.some((miss) => {
    // "a 4-grade classifier" counts, "모델 이름은 cats-v2로" names what is to be made.
    const before = terms
      .slice(
        0,
        terms.findIndex((term) => term.to > miss.from),
      )
      .slice(-4);
    if (/^\d/.test(miss.text) || before.some((term) => has(term, 'noun.model', 'noun.run'))) return false;
    if (![...namePartsOf(miss.text).strong].some((handle) => strong.has(handle))) return false;
    return !exact || before.some((term) => has(term, 'noun.dataset'));
  });
}

/** "dog breeds" where dogs are but one class of the dataset: it does not tell breeds apart. */
function namesKindsOfOneClass(reading: Reading, hit: Named<ContextDataset>): boolean {
  const { terms } = reading;
  return (
    hit.score < 2 &&
    terms.some(
      (term, at) =>
        term.from >= hit.to &&
        at <= terms.findIndex((one) => one.to >= hit.to) + 2 &&
        has(term, 'hp.numClasses') &&
        !terms[at - 1]?.number,
    )
  );
}

/** "foobar 데이터셋으로 헬멧 탐지": a name nobody knows, said of a dataset. */
function namesOtherData(reading: Reading): boolean {
  return reading.terms.some(
    (term, at) => reading.unknown.has(term) && /^[a-z]/.test(term.text) && has(reading.terms[at + 1], 'noun.dataset'),
  );
}

/** Whether the message lists classes of which the dataset it seems to name has none. */
function namesSomethingElse({ classes }: Wanted, hit: Named<ContextDataset>): boolean {
  if (!classes || hit.exact) return false;
  const own = new Set(
    [hit.item.name, ...(hit.item.classNames ?? [])].flatMap((name) => [
      ...namePartsOf(name).strong,
      ...namePartsOf(name).weak,
    ]),
  );
  const known = classes.handles.filter((handles) => handles.some((handle) => own.has(handle))).length;
  return known * 2 < classes.names.length;
}

const GENERIC = ['noun.dataset', 'noun.image'];
const TASK_WORDS = [
  'task.classification',
  'task.detection',
  'task.segmentation',
  'task.anomaly_detection',
  'task.find',
  ...GENERIC,
];

/** "helmt detection": a slip in what is to be learned, of which only one dataset can be meant. A name is not corrected. */
function misspeltSubject({ reading, project }: Wanted, task: TaskType | undefined): DatasetChoice | undefined {
  if (!task || reading.missedData.length > 0) return undefined;
  const { terms } = reading;
  for (const [at, term] of terms.entries()) {
    if (!reading.unknown.has(term) || term.text.length < 5 || !/^[a-z]+$/.test(term.text)) continue;
    const named =
      ['on', 'using', 'from', 'dataset'].includes(terms[at - 1]?.text ?? '') || has(terms[at + 1], 'noun.dataset');
    if (named || /[-_]/.test(terms[at + 1]?.text ?? '')) continue;
    const [only, ...others] = (project.context.datasets ?? []).filter((dataset) => fits(dataset, task));
    if (only && others.length === 0 && misspells(only.name, term.text))
      return { dataset: only, origin: { kind: 'message', span: spanOf(reading, term.from, term.to) }, questions: [] };
  }
  return undefined;
}

function misspells(name: string, word: string): boolean {
  const parts = name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part.length > 4);
  return parts.some((part) => part[0] === word[0] && [part, `${part}s`].some((form) => distance(form, word) === 1));
}

type Unmet = { text: string; words: { text: string; known: boolean }[] };

/** Burnt, missing, healthy: how a thing is, not what it is. */
const isState = (subject: string) => subject.startsWith('is.');

/** Whether a word is of a thing in the picture and of nothing else. */
const showsThing = (term: Term) =>
  term.concepts.length === 0 && term.subjects.some((subject) => !isState(subject) && subject !== 'defect');

const asWord = ({ text, subjects }: Term) => ({ text, known: subjects.length > 0 });

/** What the message is about where no dataset is about that: the fruit of "과일 분류", the quinces of a list. */
function subjectWithoutDataset(wanted: Wanted): Unmet | undefined {
  const { reading, classes } = wanted;
  if (classes) {
    const words = reading.terms
      .slice(classes.from, classes.to)
      .filter((term) => !term.empty && !has(term, 'and', 'vs'));
    return { text: classes.names.join(', '), words: words.map(asWord) };
  }
  const [missed] = reading.missedData;
  if (missed) return { text: missed.text, words: [{ text: missed.text, known: true }] };
  const { terms, text, tokens } = reading;
  const taken = termsWithin(terms, [...reading.models, ...reading.unwantedModels]);
  const written = (term: Term): Unmet => ({
    text: text.chars.slice(tokens[term.from]?.from ?? 0, tokens[term.to - 1]?.to ?? 0),
    words: [term, ...terms.filter((other, at) => !taken.has(at) && showsThing(other))].map(asWord),
  });
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at] as Term;
    const counter = has(term, 'unit.counter') && (terms[at - 1]?.number || /^[가-힣]$/.test(term.text));
    const isSubject =
      term.subjects.some((subject) => !isState(subject)) &&
      !counter &&
      !has(term, 'noun.defect', ...GENERIC) &&
      !taken.has(at) &&
      (term.text.length > 1 || beside(terms, at));
    if (isSubject && term.concepts.length === 0) return written(term);
    // "coco로 yolov8n": data that everybody knows, and this project does not have.
    const weights = near(terms, at, 2, 'pretrained', 'scratch', 'finetune');
    if (has(term, 'public.dataset') && weights === undefined && !taken.has(at))
      return { text: written(term).text, words: [{ text: term.text, known: true }] };
    if (
      reading.unknown.has(term) &&
      (beside(terms, at) || isNearMiss(wanted.project.context.datasets ?? [], term.text))
    )
      return written(term);
  }
  return undefined;
}

/** Whether a word of the task or of data stands right beside a word nobody knows, so that it says what to learn. */
function beside(terms: Term[], at: number): boolean {
  // "on cifar10", "using my foo"; "foo를 학습".
  const before = terms
    .slice(Math.max(0, at - 3), at)
    .reverse()
    .find((term) => !['my', 'the', 'our', 'this', 'that', 'some', '내', '우리'].includes(term.text));
  if (before && ['on', 'using', 'from'].includes(before.text)) return true;
  const particle = terms[at + 1];
  if (particle?.empty && ['을', '를', '로', '으로', '에'].includes(particle.text) && has(terms[at + 2], 'verb.train'))
    return true;
  for (const step of [1, -1]) {
    for (let i = at + step, left = 3; i >= 0 && i < terms.length && left > 0; i += step, left -= 1) {
      const term = terms[i] as Term;
      const korean = /^[가-힣]/.test(term.text);
      if (has(term, ...TASK_WORDS)) {
        // Korean tells its object before the verb, English behind it; nouns such as "data" follow in both.
        if (step === 1 || !korean) return true;
        break;
      }
      if (!term.empty || /[.,;!?]/.test(term.text)) break;
    }
  }
  return false;
}
