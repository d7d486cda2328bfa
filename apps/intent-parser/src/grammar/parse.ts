import type { ParseContext, ParseResponse, TrainingIntent } from '@mallo/contracts';
import { findClasses } from './classes.js';
import { isQuestion } from './command-signs.js';
import { findCommand } from './commands.js';
import { isNearMiss } from './datasets.js';
import { agrees, readAnswer } from './follow-up.js';
import { namesModelOfThing } from './list-signs.js';
import { otherSize } from './model-choice.js';
import { isNegated } from './negation.js';
import { type ContextDataset, Project, type Reading, read, says, termSpan } from './reading.js';
import { sweepOf } from './sweep.js';
import { has } from './terms.js';
import { type Base, resolveTraining } from './training.js';

// What came before 20 turns ago is in the intent by now; reading all of a long history would only cost time.
const TURNS_READ = 20;

/** How much of a message speaks of training: below 2 it is about something else. */
function evidence(reading: Reading, known: readonly ContextDataset[]): number {
  const { tasks, models, fields, datasets, terms } = reading;
  const classes = findClasses(reading);
  const inClasses = new Set(classes ? terms.slice(classes.from, classes.to) : []);
  const unknown = [...reading.unknown].filter((term) => !inClasses.has(term));
  let sum = 0;
  if (tasks.some((task) => !task.weak)) sum += 2;
  else if (tasks.some((task) => task.task === 'classification')) sum += 1.2;
  else if (tasks.length > 0) sum += 0.7;
  if (models.some((model) => model.name || model.family)) sum += 2;
  else if (models.length > 0) sum += 1.3;
  const { found, refused, relative, open, unwanted } = fields;
  const setting = found.some(({ path }) => path.startsWith('hyperparameters.'));
  if (setting || refused.length + relative.length + open.length + unwanted.length > 0 || fields.stopsEarly) sum += 1.6;
  else if (found.some(({ from, to }) => terms.slice(from, to).some((term) => term.concepts.length > 0))) sum += 1;
  // "two cats": things counted are not yet classes.
  else if (found.length > 0) sum += 0.3;
  if (datasets.some((hit) => hit.exact)) sum += 1.4;
  else if (datasets.length > 0) sum += 1;
  if (says(reading, 'verb.train')) sum += 1;
  if (says(reading, 'noun.model')) sum += 1;
  if (says(reading, 'noun.dataset')) sum += says(reading, 'verb.train') ? 1 : 0.6;
  if (datasets.length === 0 && [...reading.unknown].some((term) => isNearMiss(known, term.text))) sum += 1;
  if (fields.maxParamsM !== undefined) sum += 1;
  if (says(reading, 'noun.image')) sum += 0.4;
  // "the best accuracy on cats", "digits on a microcontroller": what is wanted of a model for the data.
  if (datasets.length > 0 && says(reading, 'want.light', 'want.fast', 'noun.result')) sum += 0.8;
  if (says(reading, 'verb.start', 'verb.make', 'finetune')) sum += 0.4;
  // "how do I train my puppy": asks for advice, and about no model.
  if (
    tasks.length + models.length + found.length === 0 &&
    terms.some((term) => /^(how|어떻게)/.test(term.text)) &&
    !says(reading, 'noun.model', 'noun.dataset')
  )
    sum -= 1;
  const meaningful = terms.filter((term) => term.concepts.length > 0 && !term.empty).length;
  // "the helmet one?" asks about something; only a request is read as one for a training.
  const asks = isQuestion(reading) && tasks.length + models.length + found.length === 0 && !says(reading, 'verb.train');
  // "my helmet is broken" names only a thing.
  const named = datasets.length > 0 && !datasets.some((hit) => hit.exact) && sum <= 1.4;
  if (sum >= 1 && unknown.length === 0 && meaningful > 0 && !asks && !(named && says(reading, 'mine', 'noun.defect')))
    sum += 1;
  if (namesModelOfThing(reading)) sum -= 1;
  // A request below a pasted log is still one.
  return sum - Math.min(3, 0.3 * Math.max(0, unknown.length - 1));
}

function outOfScope(language: 'ko' | 'en', confidence: number): ParseResponse {
  return { status: 'out_of_scope', language, origin: {}, questions: [], confidence };
}

/** What the turns before have settled: the intent that is handed in, or else what their messages say. */
function baseOf(context: ParseContext, project: Project): Base {
  if (context.intent) return { intent: context.intent, kind: 'intent' };
  let intent: TrainingIntent = {};
  for (const turn of (context.history ?? []).slice(-TURNS_READ)) {
    if (turn.role !== 'user' || turn.content.length > 4000) continue;
    const reading = read(turn.content, project);
    if (reading.hostile || findCommand(reading, project) || evidence(reading, context.datasets ?? []) < 2) continue;
    const draft = resolveTraining(reading, project, { intent, kind: 'history' });
    // Defaults are chosen again, for what the conversation has become by now.
    const said = Object.entries(draft.intent.hyperparameters ?? {}).filter(
      ([name]) => draft.origin[`hyperparameters.${name}`]?.kind !== 'default',
    );
    const keepModel = draft.origin.modelName?.kind !== 'default';
    intent = { ...draft.intent, hyperparameters: Object.fromEntries(said) };
    if (!keepModel) {
      delete intent.modelName;
      delete intent.modelSource;
    }
    if (said.length === 0) delete intent.hyperparameters;
  }
  return { intent, kind: 'history' };
}

/** Understands one message. Pure: the same message in the same context gives the same answer. */
export function parse(message: string, context: ParseContext = {}): ParseResponse {
  const project = new Project(context);
  const reading = read(message, project);
  const { language } = reading;
  if (reading.tokens.length === 0) return outOfScope(language, 1);
  if (reading.hostile || deletes(reading)) return outOfScope(language, 0.95);

  const command = findCommand(reading, project);
  if (command) {
    if (command.command.kind === 'sweep') return sweepOf(reading, project, baseOf(context, project));
    if (command.questions.length > 0) {
      return {
        status: 'needs_clarification',
        language,
        command: command.command,
        origin: command.origin,
        questions: command.questions,
        confidence: 0.7,
      };
    }
    return {
      status: 'command',
      language,
      command: command.command,
      origin: command.origin,
      questions: [],
      confidence: confidenceOf(reading),
    };
  }

  const base = baseOf(context, project);
  const underWay = Object.keys(base.intent).length > 0;
  const answer = underWay || context.history ? readAnswer(reading, project, base.intent, context) : undefined;
  const strength = evidence(reading, context.datasets ?? []);
  const resizes = otherSize(reading, base.intent) !== undefined && reading.unknown.size < 2;
  const continues = underWay && (strength >= 1 || resizes || answer !== undefined || agrees(reading));
  if (!continues && !answer && strength < 2) return outOfScope(language, 0.8);

  const started = answer ? withAnswer(base, answer) : base;
  const draft = resolveTraining(reading, project, started);
  for (const field of answer?.fields ?? []) {
    const from = { kind: 'message' as const, span: termSpan(reading, field.from, field.to) };
    for (const path of Object.keys(draft.origin))
      if (path === field.path || path.startsWith(`${field.path}.`)) draft.origin[path] = from;
  }
  const done = draft.questions.length === 0;
  return {
    status: done ? 'complete' : 'needs_clarification',
    language,
    intent: draft.intent,
    origin: draft.origin,
    questions: draft.questions,
    confidence: done ? confidenceOf(reading) : Math.min(0.7, confidenceOf(reading)),
  };
}

function withAnswer(base: Base, answer: NonNullable<ReturnType<typeof readAnswer>>): Base {
  const intent: TrainingIntent = structuredClone(base.intent);
  for (const { path, value } of answer.fields) {
    const [group, name] = path.split('.') as [keyof TrainingIntent, string | undefined];
    if (name) Object.assign(intent, { [group]: { ...(intent[group] as object | undefined), [name]: value } });
    else Object.assign(intent, { [group]: value });
    if (group === 'modelName') delete intent.modelSource;
  }
  return { intent, kind: base.kind };
}

/** Deleting is not something the chat does; only "delete the dropout" means a setting. */
function deletes(reading: Reading): boolean {
  const things = ['noun.model', 'noun.run', 'noun.dataset'];
  const removes = reading.terms.some(
    (term, at) =>
      ['remove', 'removing'].includes(term.text) &&
      reading.terms.slice(at + 1, at + 4).some((next) => has(next, ...things)),
  );
  if (removes) return true;
  return reading.terms.some(
    (term, at) =>
      has(term, 'verb.delete') &&
      !isNegated(reading.terms, at) &&
      ![-2, -1, 1, 2, 3].some((step) =>
        reading.terms[at + step]?.concepts.some((concept) => /^(hp|augmentation|scheduler|pretrained)/.test(concept)),
      ),
  );
}

/** Lower the more of the message was not understood. */
function confidenceOf(reading: Reading): number {
  const understood = reading.terms.filter((term) => !reading.unknown.has(term)).length;
  const share = understood / Math.max(1, reading.terms.length);
  return Math.round((0.5 + 0.48 * share) * 100) / 100;
}
