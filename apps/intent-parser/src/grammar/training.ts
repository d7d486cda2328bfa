import type { FieldOrigin, Origins, Question, TaskType, TrainingIntent } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { type ClassList, findClasses } from './classes.js';
import { chooseDataset } from './datasets.js';
import { defaultsFor } from './defaults.js';
import { isUsable } from './fields.js';
import { chooseModel, usualModels } from './model-choice.js';
import { namePartsOf } from './names.js';
import { type ContextDataset, type Project, type Reading, spanOf, termSpan } from './reading.js';
import { ask, say } from './wording.js';

export type Draft = { intent: TrainingIntent; origin: Origins; questions: Question[] };

/** What earlier turns settled, with where that came from. */
export type Base = { intent: TrainingIntent; kind: 'intent' | 'history' };

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
  return strong.find((mention) => mention.task !== 'classification') ?? strong[0];
}

/**
 * Turns what was read into a training: grounds it in the project, checks it against itself and the data, asks what
 * cannot be known, and where nothing is left to ask fills the rest with declared defaults.
 */
export function resolveTraining(reading: Reading, project: Project, base: Base): Draft {
  const { language } = reading;
  const intent: TrainingIntent = structuredClone(base.intent);
  const origin: Origins = {};
  const questions: Question[] = [];
  for (const path of filledPaths(intent)) origin[path] = { kind: base.kind };

  const set = <K extends keyof TrainingIntent>(key: K, value: TrainingIntent[K], from: FieldOrigin) => {
    intent[key] = value;
    origin[key] = from;
  };
  const message = (span: [number, number]): FieldOrigin => ({ kind: 'message', span });

  const task = explicitTask(reading);
  const model = chooseModel(reading, base.intent, task?.task);
  const weakTask = reading.tasks.find((mention) => mention.weak);
  const classes = findClasses(reading);
  const choice = chooseDataset({
    reading,
    project,
    base: base.intent,
    task: task?.task,
    modelTask: model.named?.taskType,
    weakTask: weakTask?.task,
    classes,
  });

  let dataset: ContextDataset | undefined;
  if (choice.dataset) {
    dataset = choice.dataset;
    if (choice.origin) {
      const ref = { id: dataset.id, name: dataset.name };
      set('dataset', ref, choice.origin);
      origin['dataset.id'] = choice.origin;
      origin['dataset.name'] = choice.origin;
      if (base.intent.dataset?.id !== dataset.id) {
        // What was known of the classes was known of another dataset.
        for (const key of ['numClasses', 'classNames'] as const) {
          if (base.intent.dataset) {
            delete intent[key];
            delete origin[key];
          }
        }
      }
    }
  }

  // The task: said, or the dataset's, or the model's, or what a vaguer word suggests.
  const datasetTask = dataset?.taskType;
  const meansAnomaly = task?.task === 'detection' && datasetTask === 'anomaly_detection';
  if (task && !meansAnomaly) set('taskType', task.task, message(spanOf(reading, task.from, task.to)));
  else if (datasetTask && (choice.origin || !intent.taskType)) set('taskType', datasetTask, { kind: 'dataset' });
  else if (model.named && !intent.taskType) set('taskType', model.named.taskType, model.origin ?? { kind: base.kind });
  else if (!intent.taskType && weakTask)
    set('taskType', weakTask.task, message(spanOf(reading, weakTask.from, weakTask.to)));
  else if (!intent.taskType && classes)
    set('taskType', 'classification', message(termSpan(reading, classes.from, classes.to)));

  const said = reading.fields.found.find((found) => found.path === 'numClasses');
  if (!intent.taskType && said) set('taskType', 'classification', message(termSpan(reading, said.from, said.to)));
  questions.push(...choice.questions);
  if (!intent.taskType && choice.questions.length === 0) questions.push(ask.taskType(language, TASKS));
  else if (!intent.taskType && (project.context.datasets ?? []).length === 0)
    questions.push(ask.taskType(language, TASKS));

  // The model.
  const asked = model.questions(intent.taskType);
  questions.push(...asked);
  if (asked.length > 0) {
    delete intent.modelName;
    delete intent.modelSource;
    delete origin.modelName;
    delete origin.modelSource;
  } else {
    const name = model.nameFor(intent.taskType);
    const entry = name && lookup(name);
    if (name && entry && model.origin) {
      set('modelName', name, model.origin);
      set('modelSource', entry.source, model.origin);
    }
  }

  readClasses(reading, intent, origin, questions, dataset, classes);

  for (const { path, value, from, to } of reading.fields.found) {
    const [group, name] = path.split('.') as ['hyperparameters' | 'resources', string | undefined];
    if (!name) continue;
    intent[group] = { ...intent[group], [name]: value };
    origin[path] = message(termSpan(reading, from, to));
  }
  applyRelative(reading, base, intent, origin, questions);
  for (const unwanted of reading.fields.unwanted) {
    if (unwanted.startsWith('?')) continue;
    if (intent.hyperparameters) delete intent.hyperparameters.earlyStoppingPatience;
    delete origin[`hyperparameters.${unwanted}`];
  }
  for (const { path, value } of reading.fields.refused) {
    const [group, name] = path.split('.') as ['hyperparameters' | 'resources' | 'numClasses', string | undefined];
    if (name && group !== 'numClasses') {
      const values = intent[group] as Record<string, unknown> | undefined;
      if (values) delete values[name];
      delete origin[path];
    }
    questions.push(ask.value(language, path, value));
  }

  const draft = { intent, origin, questions: uniqueQuestions(questions).slice(0, MOST_QUESTIONS) };
  if (draft.questions.length === 0) complete(draft, reading, dataset);
  return draft;
}

/** Works out "twice the batch size" from the value there was, and asks where there was none. */
function applyRelative(
  reading: Reading,
  base: Base,
  intent: TrainingIntent,
  origin: Origins,
  questions: Question[],
): void {
  const before = base.intent.hyperparameters as Record<string, unknown> | undefined;
  for (const { path, factor, from, to } of reading.fields.relative) {
    const name = path.slice('hyperparameters.'.length);
    const old = before?.[name];
    const value = typeof old === 'number' ? Number((old * factor).toPrecision(12)) : undefined;
    if (value !== undefined && isUsable(path, value)) {
      intent.hyperparameters = { ...intent.hyperparameters, [name]: value };
      origin[path] = { kind: 'message', span: termSpan(reading, from, to) };
    } else questions.push(ask.howMuch(reading.language, path));
  }
  for (const path of reading.fields.open) questions.push(ask.howMuch(reading.language, path));
}

function uniqueQuestions(questions: Question[]): Question[] {
  return questions.filter((question, at) => questions.findIndex((other) => other.field === question.field) === at);
}

function readClasses(
  reading: Reading,
  intent: TrainingIntent,
  origin: Origins,
  questions: Question[],
  dataset: ContextDataset | undefined,
  classes: ClassList | undefined,
): void {
  const { language } = reading;
  const said = reading.fields.found.find((found) => found.path === 'numClasses');
  const actual = dataset?.classNames?.length ? dataset.classNames : undefined;
  if (said) {
    intent.numClasses = said.value as number;
    origin.numClasses = { kind: 'message', span: termSpan(reading, said.from, said.to) };
  }
  if (classes && !actual && intent.taskType !== 'anomaly_detection') {
    intent.classNames = classes.names;
    origin.classNames = { kind: 'message', span: termSpan(reading, classes.from, classes.to) };
    if (!said) {
      intent.numClasses = classes.names.length;
      origin.numClasses = origin.classNames;
    }
  }
  if (!actual || !dataset || intent.taskType === 'anomaly_detection') {
    if (intent.taskType === 'anomaly_detection' && !said) {
      delete intent.numClasses;
      delete origin.numClasses;
    }
    return;
  }
  const settled = intent.numClasses;
  const withoutBackground = actual.filter((name) => !/^(background|배경|_?bg)$/i.test(name)).length;
  if (settled !== undefined && settled !== actual.length && settled !== withoutBackground) {
    questions.push(ask.numClasses(language, settled, dataset.name, actual.length));
    if (!said) {
      delete intent.numClasses;
      delete origin.numClasses;
    }
    return;
  }
  if (classes) {
    const known = new Set(actual.flatMap((name) => [...namePartsOf(name).strong, ...namePartsOf(name).weak]));
    const missing = classes.names.filter((_, at) => !(classes.handles[at] ?? []).some((handle) => known.has(handle)));
    const partial =
      intent.taskType === 'classification' && missing.length === 0 && classes.names.length < actual.length;
    if (missing.length > 0 || partial) {
      questions.push(
        missing.length > 0
          ? ask.classNames(language, missing, dataset.name, actual)
          : ask.numClasses(language, classes.names.length, dataset.name, actual.length),
      );
      return;
    }
  }
  if (settled === undefined) {
    intent.numClasses = actual.length;
    origin.numClasses = { kind: 'dataset' };
  }
  intent.classNames = [...actual];
  origin.classNames = { kind: 'dataset' };
}

/** Fills what nobody said, each value with its reason. */
function complete(draft: Draft, reading: Reading, dataset: ContextDataset | undefined): void {
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
  const entry = lookup(intent.modelName, intent.modelSource) ?? lookup(intent.modelName);
  if (!intent.modelSource && entry) {
    intent.modelSource = entry.source;
    origin.modelSource = origin.modelName ?? { kind: 'intent' };
  }
  const hyperparameters = { ...intent.hyperparameters };
  if (reading.fields.unwanted.includes('?earlyStoppingPatience')) {
    hyperparameters.earlyStoppingPatience = 5;
    const reason = {
      ko: '조기 종료를 몇 에폭 뒤에 할지 말씀하지 않아 흔한 값으로 두었어요',
      en: 'Early stopping was asked for without a number of epochs; this is a common one',
    };
    origin['hyperparameters.earlyStoppingPatience'] = { kind: 'default', reason: say(reason, language) };
  }
  const classNames = dataset?.classNames ?? intent.classNames ?? [];
  for (const { name, value, reason } of defaultsFor({
    entry,
    taskType,
    known: hyperparameters,
    classNames,
    language,
  })) {
    Object.assign(hyperparameters, { [name]: value });
    origin[`hyperparameters.${name}`] = reason;
  }
  intent.hyperparameters = hyperparameters;
}
