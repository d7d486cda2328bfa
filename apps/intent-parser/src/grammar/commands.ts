import type { Command, CommandKind, Origins, Question } from '@mallo/contracts';
import {
  asksComparison,
  asksResult,
  asksStop,
  asksSweep,
  classifiesStates,
  hasObject,
  hasSetting,
  isForeign,
  isQuestion,
  namesModelOrRun,
  picksUp,
  showsRun,
} from './command-signs.js';
import { explainArguments, topicOf } from './explanations.js';
import { asksAdvice, asksList, asksRunning, asksVersions, asksZoo, namesListOfRuns } from './list-signs.js';
import {
  asksPrediction,
  asksQuantization,
  asksSpeed,
  putsBack,
  returnsTo,
  shipsModel,
  timesModel,
} from './model-signs.js';
import { isNegated } from './negation.js';
import { asksAboutOwn, asksExplanation, asksHelp } from './question-signs.js';
import { means, type Project, type Reading, says, spanOf, type TaskMention, termSpan } from './reading.js';
import { compareTargets, findModel, findRun, meansNewest } from './references.js';
import { asksWhQuestion, forbidsStopping, speaksOfCommand, wondersAboutCommand } from './requests.js';
import { has } from './terms.js';
import { say } from './wording.js';

/** A command with its arguments, or what has to be asked before it can be given. */
export type CommandDraft = { command: Command; origin: Origins; questions: Question[] };

type Build = (reading: Reading, project: Project) => CommandDraft;

const plain = (kind: CommandKind, args: Record<string, unknown> = {}, origin: Origins = {}): CommandDraft => ({
  command: { kind, ...Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) },
  origin,
  questions: [],
});

const PRECISIONS = ['int8', 'fp16'];
const BACKENDS = ['onnxruntime', 'openvino', 'tensorrt'];
const ALIASES = ['champion', 'candidate', 'challenger', 'production', 'staging'];

/** The one of several concepts that the message says, with its place. */
function said(
  reading: Reading,
  prefix: string,
  values: string[],
): { value: string; from: number; to: number } | undefined {
  for (const [at, term] of reading.terms.entries()) {
    const value = values.find((one) => has(term, `${prefix}.${one}`));
    if (value && !isNegated(reading.terms, at)) return { value, from: term.from, to: term.to };
  }
  return undefined;
}

function quantize(reading: Reading, project: Project): CommandDraft {
  const model = findModel(reading, project);
  const precision = said(reading, 'precision', PRECISIONS);
  const backend = said(reading, 'backend', BACKENDS);
  const reason = say(
    { ko: '정밀도를 말씀하지 않아 가장 널리 쓰는 int8로 했어요', en: 'No precision was named; int8 is the usual one' },
    reading.language,
  );
  return {
    command: {
      kind: 'quantize',
      ...model.args,
      precision: precision?.value ?? 'int8',
      ...(backend && { backend: backend.value }),
    },
    origin: {
      ...model.origin,
      precision: precision
        ? { kind: 'message', span: spanOf(reading, precision.from, precision.to) }
        : { kind: 'default', reason },
      ...(backend && { backend: { kind: 'message' as const, span: spanOf(reading, backend.from, backend.to) } }),
    },
    questions: model.questions,
  };
}

function benchmark(reading: Reading, project: Project): CommandDraft {
  const model = findModel(reading, project);
  const sizes = reading.fields.quantities.filter((quantity) => quantity.field === 'batchSize');
  const [batches] = sizes;
  const batchSizes = batches && sizes.flatMap((quantity) => quantity.values);
  return {
    command: { kind: 'benchmark', ...model.args, ...(batchSizes && { batchSizes }) },
    origin: {
      ...model.origin,
      ...(batches && { batchSizes: { kind: 'message' as const, span: termSpan(reading, batches.from, batches.to) } }),
    },
    questions: model.questions,
  };
}

function promote(reading: Reading, project: Project): CommandDraft {
  const model = findModel(reading, project, { newestVersion: true });
  const alias = said(reading, 'alias', ALIASES);
  const reason = say(
    { ko: '어디로 올릴지 말씀하지 않으면 챔피언이에요', en: 'Without another name, promoting makes it the champion' },
    reading.language,
  );
  return {
    command: { kind: 'promote', ...model.args, alias: alias?.value ?? 'champion' },
    origin: {
      ...model.origin,
      alias: alias ? { kind: 'message', span: spanOf(reading, alias.from, alias.to) } : { kind: 'default', reason },
    },
    questions: model.questions,
  };
}

function rollback(reading: Reading, project: Project): CommandDraft {
  const model = findModel(reading, project);
  return { command: { kind: 'rollback', ...model.args }, origin: model.origin, questions: model.questions };
}

const RUNNING = ['running', 'queued', 'pending', 'starting', 'preparing', 'resuming', 'allocating'];
const ENDED_EARLY = ['failed', 'cancelled', 'canceled', 'stopped', 'paused', 'interrupted'];

function ofRun(kind: 'stop' | 'resume' | 'status', statuses: string[]): Build {
  return (reading, project) => {
    // The newest run can be told of whatever its state.
    const ofNewest = kind === 'status' && meansNewest(reading);
    const run = findRun(reading, project, ofNewest ? [...statuses, 'completed'] : statuses);
    return { command: { kind, ...run.args }, origin: run.origin, questions: run.questions };
  };
}

function compare(reading: Reading, project: Project): CommandDraft {
  const targets = compareTargets(reading, project);
  return { command: { kind: 'compare', ...targets.args }, origin: targets.origin, questions: targets.questions };
}

function searchZoo(reading: Reading): CommandDraft {
  const { models, tasks, fields, unwantedModels, datasets } = reading;
  const named = models[0] ?? unwantedModels[0];
  // "찾아줘" asks for a search here, not for detection.
  const searches = (mention: TaskMention) =>
    reading.terms.some((term) => term.from === mention.from && has(term, 'verb.search'));
  const task = tasks.find((mention) => !mention.weak) ?? tasks.find((mention) => !searches(mention));
  const limit = fields.quantities.find((quantity) => quantity.field === 'maxParamsM');
  const origin: Origins = {};
  if (named) origin.query = { kind: 'message', span: spanOf(reading, named.from, named.to) };
  if (task) origin.taskType = { kind: 'message', span: spanOf(reading, task.from, task.to) };
  else if (datasets[0]?.item.taskType) origin.taskType = { kind: 'dataset' };
  if (limit) origin.maxParamsM = { kind: 'message', span: termSpan(reading, limit.from, limit.to) };
  const taskType = task?.task ?? datasets[0]?.item.taskType;
  // "efficientnets" asks for the family.
  const query = named?.family ? named.text.replace(/(?<=[a-z]{3})s$/, '') : named?.text;
  return plain('search_zoo', { query, taskType, maxParamsM: fields.maxParamsM }, origin);
}

function predict(reading: Reading, project: Project): CommandDraft {
  const model = findModel(reading, project, { optional: true });
  return { command: { kind: 'predict', ...model.args }, origin: model.origin, questions: [] };
}

function explain(reading: Reading, project: Project): CommandDraft {
  const { args, origin } = explainArguments(reading, project);
  return plain('explain', { query: reading.message.trim().slice(0, 500), ...args }, origin);
}

const saysCurrent = (reading: Reading) =>
  says(reading, 'running') ||
  reading.terms.some((term) => ['current', 'thecurrent', '현재', '지금'].includes(term.text));

/** What a message would have to say for each kind of command; the first that holds is meant. */
const RULES: { kind: CommandKind; holds(reading: Reading, project: Project): boolean; build: Build }[] = [
  {
    kind: 'rollback',
    holds: (r) =>
      (means(r, 'verb.rollback') ||
        returnsTo(r) ||
        (says(r, 'word.back', 'undo') &&
          (means(r, 'verb.roll') || (namesModelOrRun(r) && (says(r, 'noun.version') || putsBack(r)))))) &&
      hasObject(r) &&
      !picksUp(r) &&
      !(says(r, 'failed') && r.ownModels.length === 0) &&
      (namesModelOrRun(r) || !isForeign(r)),
    build: rollback,
  },
  {
    kind: 'promote',
    holds: (r) =>
      (means(r, 'verb.promote') && hasObject(r)) ||
      shipsModel(r) ||
      ((!says(r, 'verb.explain') || namesModelOrRun(r)) &&
        means(r, 'alias.champion', 'alias.candidate', 'alias.challenger', 'alias.production', 'alias.staging') &&
        (says(r, 'verb.raise', 'verb.change') || namesModelOrRun(r)) &&
        hasObject(r)),
    build: promote,
  },
  {
    kind: 'quantize',
    holds: asksQuantization,
    build: quantize,
  },
  {
    kind: 'benchmark',
    holds: (r) =>
      (means(r, 'verb.benchmark') && (!says(r, 'verb.explain') || namesModelOrRun(r)) && hasObject(r)) ||
      timesModel(r) ||
      asksSpeed(r),
    build: benchmark,
  },
  { kind: 'explain', holds: (r) => topicOf(r) !== undefined, build: explain },
  { kind: 'predict', holds: asksPrediction, build: predict },
  { kind: 'sweep', holds: asksSweep, build: () => plain('sweep') },
  { kind: 'compare', holds: asksComparison, build: compare },
  { kind: 'search_zoo', holds: asksAdvice, build: searchZoo },
  { kind: 'list_models', holds: asksVersions, build: () => plain('list_models') },
  { kind: 'status', holds: (r) => asksResult(r) && saysCurrent(r), build: ofRun('status', RUNNING) },
  { kind: 'status', holds: asksResult, build: ofRun('status', [...RUNNING, 'completed', 'succeeded', 'failed']) },
  { kind: 'explain', holds: asksExplanation, build: explain },
  { kind: 'status', holds: showsRun, build: ofRun('status', RUNNING) },
  { kind: 'help', holds: asksHelp, build: () => plain('help') },
  { kind: 'search_zoo', holds: asksZoo, build: searchZoo },
  { kind: 'list_datasets', holds: (r) => asksList(r, 'noun.dataset'), build: () => plain('list_datasets') },
  {
    kind: 'list_runs',
    holds: (r) =>
      (asksList(r, 'noun.run') && !says(r, 'hp.epochs')) ||
      namesListOfRuns(r) ||
      asksRunning(r) ||
      (says(r, 'running') && isQuestion(r) && r.terms.length < 6 && !says(r, 'verb.status')) ||
      (asksList(r, 'running') && !says(r, 'verb.status')) ||
      (asksList(r, 'verb.train') &&
        means(r, 'verb.train') &&
        says(r, 'mine', 'running', 'completed', 'failed', 'all', 'latest') &&
        !says(r, 'verb.status')),
    build: () => plain('list_runs'),
  },
  { kind: 'list_models', holds: (r) => asksList(r, 'noun.model'), build: () => plain('list_models') },
  {
    kind: 'stop',
    holds: (r) => asksStop(r) && !says(r, 'improvement') && hasObject(r) && !isForeign(r) && !hasSetting(r),
    build: ofRun('stop', RUNNING),
  },
  {
    kind: 'resume',
    holds: (r) =>
      (means(r, 'verb.resume') || picksUp(r) || (says(r, 'failed') && says(r, 'again', 'word.back'))) &&
      !forbidsStopping(r) &&
      hasObject(r) &&
      !isForeign(r) &&
      !hasSetting(r),
    build: ofRun('resume', ENDED_EARLY),
  },
  {
    kind: 'status',
    holds: (r) =>
      says(r, 'verb.status') &&
      !classifiesStates(r) &&
      hasObject(r) &&
      !isForeign(r) &&
      !hasSetting(r) &&
      (isQuestion(r) || !says(r, 'verb.start') || says(r, 'noun.run')),
    build: ofRun('status', RUNNING),
  },
  {
    kind: 'status',
    holds: (r) => isQuestion(r) && says(r, 'completed') && r.ownRuns.length > 0 && !says(r, 'verb.list', 'ask.why'),
    build: ofRun('status', [...RUNNING, 'completed', 'succeeded']),
  },
  { kind: 'explain', holds: asksAboutOwn, build: explain },
];

const CHANGING = new Set<CommandKind>(['stop', 'resume', 'promote', 'rollback']);

/** The command a message gives; undefined where it gives none. */
export function findCommand(reading: Reading, project: Project): CommandDraft | undefined {
  if (wondersAboutCommand(reading)) return explain(reading, project);
  if (speaksOfCommand(reading) && says(reading, 'howto')) return plain('help');
  // "what does a stop sign look like" stops nothing.
  const mayChange = !asksWhQuestion(reading);
  return RULES.find((rule) => (mayChange || !CHANGING.has(rule.kind)) && rule.holds(reading, project))?.build(
    reading,
    project,
  );
}

/** The arguments of a kind of command, by what a message names. */
export function buildCommand(kind: CommandKind, reading: Reading, project: Project): CommandDraft {
  return RULES.find((rule) => rule.kind === kind)?.build(reading, project) ?? plain(kind);
}
