import type { FieldOrigin, Origins, Question, TaskType, TrainingIntent } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { type ClassList, findClasses } from './classes.js';
import { wouldBeFound } from './comparable.js';
import { chooseDataset, type DatasetChoice } from './datasets.js';
import { defaultsFor } from './defaults.js';
import { isUsable } from './fields.js';
import { chooseModel, type ModelChoice, usualModels } from './model-choice.js';
import { namePartsOf } from './names.js';
import { type ContextDataset, type Project, type Reading, spanOf, termSpan } from './reading.js';
import { has } from './terms.js';
import { ask, say } from './wording.js';

export type Draft = { intent: TrainingIntent; origin: Origins; questions: Question[] };

/** What earlier turns settled, with where that came from. */
export type Base = {
  intent: TrainingIntent;
  kind: 'intent' | 'history';
  /** Hyperparameters that an earlier turn wants to have no value. */
  without?: string[];
};

const TASKS: TaskType[] = ['classification', 'detection', 'segmentation', 'anomaly_detection'];
// More than three at once is an interrogation; the rest is asked in the next turn.
const MOST_QUESTIONS = 3;

/** Dotted paths of everything that an intent fills. */
export function filledPaths(intent: TrainingIntent): string[] {
  return Object.entries(intent).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value !== 'object' || Array.isArray(value)) return [key];
    const below = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([inner]) => `${key}.${inner}`);
    return key === 'dataset' ? ['dataset', ...below] : below;
  });
}

function explicitTask(reading: Reading): { task: TaskType; from: number; to: number } | undefined {
  const strong = reading.tasks.filter((mention) => !mention.weak);
  // "분류" is also what one says of any model; a rarer word beside it says more.
  // "a segmentation... hmm no, classification"
  const [firstTask, lastTask] = [strong[0], strong.at(-1)];
  const corrects = reading.terms.some(
    (term) =>
      firstTask &&
      lastTask &&
      term.from >= firstTask.to &&
      term.to <= lastTask.from &&
      (has(term, 'correction') || ['no', 'nope'].includes(term.text)),
  );
  if (corrects) return lastTask;
  const anomaly = strong.find((mention) => mention.task === 'anomaly_detection');
  // "PCB defect detection" on a dataset with boxes finds the defects.
  const boxes = reading.datasets[0]?.item.taskType === 'detection';
  const saysDetects = (mention: { from: number; to: number }) =>
    reading.tokens.slice(mention.from, mention.to).some((token) => /^(detect|검출|탐지|감지)/.test(token.text));
  if (anomaly && boxes && saysDetects(anomaly)) return { ...anomaly, task: 'detection' };
  return anomaly ?? strong.find((mention) => mention.task !== 'classification') ?? strong[0];
}

const fromMessage = (span: [number, number]): FieldOrigin => ({ kind: 'message', span });

/** What is known of a training so far, and what has to be asked. Every value is put in with its origin. */
class Work {
  readonly origin: Origins = {};
  readonly questions: Question[] = [];
  readonly intent: TrainingIntent;

  constructor(readonly base: Base) {
    this.intent = structuredClone(base.intent);
    for (const path of filledPaths(this.intent)) this.origin[path] = { kind: base.kind };
    for (const name of base.without ?? []) this.origin[`hyperparameters.${name}`] = { kind: 'history' };
  }

  set<K extends keyof TrainingIntent>(key: K, value: TrainingIntent[K], from: FieldOrigin): void {
    this.intent[key] = value;
    this.origin[key] = from;
  }

  unset(key: keyof TrainingIntent): void {
    delete this.intent[key];
    delete this.origin[key];
  }

  setValue(path: string, value: unknown, from: FieldOrigin): void {
    const [group, name] = path.split('.') as ['hyperparameters' | 'resources', string];
    this.intent[group] = { ...this.intent[group], [name]: value };
    this.origin[path] = from;
  }

  unsetValue(path: string): void {
    const [group, name] = path.split('.') as ['hyperparameters' | 'resources', string];
    const values: Record<string, unknown> = { ...this.intent[group] };
    delete values[name];
    if (this.intent[group]) this.intent[group] = values;
    delete this.origin[path];
  }
}

/**
 * Turns what was read into a training: grounds it in the project, checks it against itself and the data, asks what
 * cannot be known, and where nothing is left to ask fills the rest with declared defaults.
 */
export function resolveTraining(reading: Reading, project: Project, base: Base): Draft {
  const work = new Work(base);
  const task = explicitTask(reading);
  const model = chooseModel(reading, base.intent, task?.task);
  const classes = findClasses(reading);
  const choice = chooseDataset({
    reading,
    project,
    base: base.intent,
    task: task?.task,
    modelTask: model.named?.taskType,
    weakTask: reading.tasks.find((mention) => mention.weak)?.task,
    classes,
  });
  settleDataset(work, choice);
  settleTask(work, reading, choice, model, classes);
  work.questions.push(...choice.questions);
  // Nobody said the task: either the data or the network may be the slip.
  if (choice.otherTask && !task) work.questions.push(...model.questions(choice.otherTask));
  // A dataset that is chosen next will say the task; without any dataset only the person can.
  const nothingToChoose = choice.questions.length === 0 || (project.context.datasets ?? []).length === 0;
  if (!work.intent.taskType && nothingToChoose) work.questions.push(ask.taskType(reading.language, TASKS));
  settleModel(work, reading, model);
  settleClasses(work, reading, choice.dataset, classes);
  settleValues(work, reading);

  const questions = work.questions
    .filter((question, at, all) => all.findIndex((other) => other.field === question.field) === at)
    .slice(0, MOST_QUESTIONS);
  const draft = { intent: work.intent, origin: work.origin, questions };
  if (questions.length === 0) complete(draft, reading);
  return draft;
}

function settleDataset(work: Work, { dataset, origin }: DatasetChoice): void {
  if (!dataset || !origin) return;
  const before = work.base.intent.dataset;
  work.set('dataset', { id: dataset.id, name: dataset.name }, origin);
  work.origin['dataset.id'] = origin;
  work.origin['dataset.name'] = origin;
  if (before && before.id !== dataset.id) {
    // What was known of the classes was known of another dataset.
    work.unset('numClasses');
    work.unset('classNames');
  }
}

/** The task: said, or the dataset's, or the model's, or what a vaguer word suggests. */
function settleTask(
  work: Work,
  reading: Reading,
  { dataset, origin }: DatasetChoice,
  model: ModelChoice,
  classes: ClassList | undefined,
): void {
  const task = explicitTask(reading);
  const ofDataset = dataset?.taskType;
  const meansAnomaly =
    ofDataset === 'anomaly_detection' &&
    model.named?.taskType !== 'detection' &&
    (task?.task === 'detection' ||
      (task?.task === 'classification' && reading.terms.some((term) => has(term, 'noun.defect'))));
  const known = work.intent.taskType !== undefined;
  const vague = reading.tasks.find((mention) => mention.weak);
  const counted = reading.fields.found.find((found) => found.path === 'numClasses');
  if (task && !meansAnomaly) work.set('taskType', task.task, fromMessage(spanOf(reading, task.from, task.to)));
  else if (ofDataset && (origin || !known)) work.set('taskType', ofDataset, { kind: 'dataset' });
  else if (known) return;
  else if (model.named) work.set('taskType', model.named.taskType, model.origin ?? { kind: work.base.kind });
  else if (vague) work.set('taskType', vague.task, fromMessage(spanOf(reading, vague.from, vague.to)));
  else if (classes) work.set('taskType', 'classification', fromMessage(termSpan(reading, classes.from, classes.to)));
  else if (counted) work.set('taskType', 'classification', fromMessage(termSpan(reading, counted.from, counted.to)));
}

function settleModel(work: Work, reading: Reading, model: ModelChoice): void {
  const asked = model.questions(work.intent.taskType);
  if (asked.length > 0) {
    work.questions.push(...asked);
    work.unset('modelName');
    work.unset('modelSource');
    return;
  }
  const name = model.nameFor(work.intent.taskType);
  const entry = name && reading.trainable.lookup(name);
  if (!name || !entry || !model.origin) return;
  work.set('modelName', name, model.origin);
  work.set('modelSource', entry.source, model.origin);
}

/** Hyperparameters and resources that are said; those with which nothing can be trained are asked about. */
function settleValues(work: Work, reading: Reading): void {
  const { found, refused, relative, open, unwanted } = reading.fields;
  for (const { path, value, from, to } of found) {
    if (path.includes('.')) work.setValue(path, value, fromMessage(termSpan(reading, from, to)));
  }
  const before = work.base.intent.hyperparameters as Record<string, unknown> | undefined;
  for (const { path, factor, offset, otherwise, from, to } of relative) {
    const old = before?.[path.slice('hyperparameters.'.length)];
    const value = typeof old === 'number' ? Number((old * factor + offset).toPrecision(12)) : otherwise;
    if (value !== undefined && isUsable(path, value))
      work.setValue(path, value, fromMessage(termSpan(reading, from, to)));
    else work.questions.push(ask.howMuch(reading.language, path));
  }
  for (const path of open) work.questions.push(ask.howMuch(reading.language, path));
  for (const { name, from, to } of unwanted) {
    const path = `hyperparameters.${name}`;
    work.unsetValue(path);
    // An origin without a value says that none is wanted, so that nobody fills in a default.
    work.origin[path] = fromMessage(termSpan(reading, from, to));
  }
  for (const { path, value } of refused) {
    if (path.includes('.')) work.unsetValue(path);
    work.questions.push(ask.value(reading.language, path, value));
  }
}

function settleClasses(
  work: Work,
  reading: Reading,
  dataset: ContextDataset | undefined,
  classes: ClassList | undefined,
): void {
  const { language } = reading;
  const said = reading.fields.found.find((found) => found.path === 'numClasses');
  const actual = dataset?.classNames?.length ? dataset.classNames : undefined;
  const isAnomaly = work.intent.taskType === 'anomaly_detection';
  if (said) work.set('numClasses', said.value as number, fromMessage(termSpan(reading, said.from, said.to)));
  // An anomaly detector knows only what is normal.
  else if (isAnomaly) work.unset('numClasses');
  if (isAnomaly) return;

  if (!actual || !dataset) {
    if (!classes) return;
    const origin = fromMessage(termSpan(reading, classes.from, classes.to));
    work.set('classNames', classes.names, origin);
    if (!said) work.set('numClasses', classes.names.length, origin);
    return;
  }
  const settled = work.intent.numClasses;
  const withoutBackground = actual.filter((name) => !/^(background|배경|_?bg)$/i.test(name)).length;
  if (settled !== undefined && settled !== actual.length && settled !== withoutBackground) {
    work.questions.push(ask.numClasses(language, settled, dataset.name, actual.length));
    if (!said) work.unset('numClasses');
    return;
  }
  if (classes) {
    const known = new Set(actual.flatMap((name) => [...namePartsOf(name).strong, ...namePartsOf(name).weak]));
    const missing = classes.names.filter((name, at) => {
      const handles = classes.handles[at] ?? [];
      if (handles.some((handle) => known.has(handle))) return false;
      return wouldBeFound({ text: name, known: handles.some((handle) => handle.startsWith('s:')) }, actual);
    });
    if (missing.length > 0) {
      work.questions.push(ask.classNames(language, missing, dataset.name, actual));
      return;
    }
    if (work.intent.taskType === 'classification' && classes.names.length < actual.length) {
      work.questions.push(ask.numClasses(language, classes.names.length, dataset.name, actual.length));
      return;
    }
  }
  if (settled === undefined) work.set('numClasses', actual.length, { kind: 'dataset' });
  work.set('classNames', [...actual], { kind: 'dataset' });
}

/** Fills what nobody said, each value with its reason. */
function complete(draft: Draft, reading: Reading): void {
  const { intent, origin } = draft;
  const { language } = reading;
  const taskType = intent.taskType;
  if (!taskType) return;
  if (!intent.modelName) {
    const { name, reason } = usualModels(reading, taskType);
    intent.modelName = name;
    origin.modelName = { kind: 'default', reason };
    intent.modelSource = lookup(name)?.source;
    origin.modelSource = { kind: 'default', reason };
  }
  const entry =
    reading.trainable.lookup(intent.modelName, intent.modelSource) ?? reading.trainable.lookup(intent.modelName);
  if (!intent.modelSource && entry) {
    intent.modelSource = entry.source;
    origin.modelSource = origin.modelName ?? { kind: 'intent' };
  }
  const hyperparameters = { ...intent.hyperparameters };
  if (reading.fields.stopsEarly && hyperparameters.earlyStoppingPatience === undefined) {
    hyperparameters.earlyStoppingPatience = 5;
    const reason = {
      ko: '조기 종료를 몇 에폭 뒤에 할지 말씀하지 않아 흔한 값으로 두었어요',
      en: 'Early stopping was asked for without a number of epochs; this is a common one',
    };
    origin['hyperparameters.earlyStoppingPatience'] = { kind: 'default', reason: say(reason, language) };
  }
  for (const { name, value, reason } of defaultsFor({
    entry,
    taskType,
    known: hyperparameters,
    language,
  })) {
    Object.assign(hyperparameters, { [name]: value });
    origin[`hyperparameters.${name}`] = reason;
  }
  intent.hyperparameters = hyperparameters;
}
