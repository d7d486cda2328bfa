import type { ParseContext, ParseResponse, TrainingIntent } from '@mallo/contracts';
import { readCommandAnswer } from './command-answer.js';
import { hasSetting, isQuestion } from './command-signs.js';
import { buildCommand, type CommandDraft, findCommand } from './commands.js';
import { earlierRun } from './earlier-run.js';
import { evidence } from './evidence.js';
import { agrees, asksForDataset, readAnswer } from './follow-up.js';
import { baseOf } from './history.js';
import { otherSize } from './model-choice.js';
import { isNegated } from './negation.js';
import { COMMANDS, Project, type Reading, read, says, termSpan } from './reading.js';
import { asksElsewhere, givesUpTraining, isIndirect, refuses } from './requests.js';
import { spokenPart } from './spoken.js';
import { sweepOf } from './sweep.js';
import { has } from './terms.js';
import { type Base, resolveTraining } from './training.js';
import { asksUndo, undone } from './undo.js';

function outOfScope(language: 'ko' | 'en', confidence: number): ParseResponse {
  return { status: 'out_of_scope', language, origin: {}, questions: [], confidence };
}

/** Understands one message. Pure: the same message in the same context gives the same answer. */
export function parse(message: string, context: ParseContext = {}): ParseResponse {
  const project = new Project(context);
  const whole = read(message, project);
  const { language } = whole;
  if (whole.tokens.length === 0) return outOfScope(language, 1);
  if (whole.hostile || deletes(whole)) return outOfScope(language, 0.95);
  const spoken = spokenPart(message);
  let reading = spoken === message ? whole : { ...read(spoken, project), message };
  if (asksElsewhere(reading) || isIndirect(whole)) return outOfScope(language, 0.9);

  const pending = baseOf(context, project);
  const earlier = earlierRun(reading, project, pending.intent);
  const undoes = asksUndo(reading, pending.intent) ? undone(reading, project, pending, context) : undefined;
  // What a quoted command would do is a question like any other.
  if (spoken !== message && isQuestion(reading) && says(reading, 'ask.what', 'verb.explain', 'ask.why', ...COMMANDS))
    return answerWith(buildCommand('explain', reading, project), reading);
  const command = earlier && says(reading, 'alike') ? undefined : findCommand(reading, project);
  if (command && !undoes) {
    if (command.command.kind === 'sweep') return sweepOf(reading, project, pending);
    return answerWith(command, reading);
  }
  if (!undoes && refuses(reading) && !hasSetting(reading)) return outOfScope(language, 0.9);
  const answered = readCommandAnswer(reading, project, context);
  if (answered) return answerWith(answered, reading);

  if (givesUpTraining(reading)) return outOfScope(language, 0.8);

  if (earlier?.span) reading = without(reading, project, earlier.span);
  const base = undoes ?? earlier?.base ?? pending;
  const underWay = Object.keys(base.intent).length > 0;
  const answer = underWay || context.history ? readAnswer(reading, project, base.intent, context) : undefined;
  const strength = evidence(reading, context.datasets ?? []);
  const resizes = otherSize(reading, base.intent) !== undefined && reading.unknown.size < 2;
  // "강아지", where a dataset was asked for and none is of dogs.
  const names = reading.terms.filter((term) => !term.empty && term.subjects.length > 0 && term.concepts.length === 0);
  const misses =
    underWay &&
    !base.intent.dataset &&
    names.length > 0 &&
    reading.terms.length < 4 &&
    asksForDataset(context, project);
  const builds = misses || undoes !== undefined || earlier !== undefined;
  const continues =
    builds ||
    (underWay &&
      (strength >= (reading.fields.found.length > 0 ? 0.5 : 1) || resizes || answer !== undefined || agrees(reading)));
  if (!continues && !answer && (strength < 2 || isOfOwnModel(reading))) return outOfScope(language, 0.8);

  const started = answer ? withAnswer(base, answer) : base;
  // "배치 64는 너무 커 16으로": what was is not what is to be.
  const given = new Set(answer?.fields.map((field) => field.path));
  if (given.size > 0)
    reading = {
      ...reading,
      fields: { ...reading.fields, found: reading.fields.found.filter(({ path }) => !given.has(path)) },
    };
  const draft = resolveTraining(reading, project, started);
  for (const field of answer?.fields ?? []) {
    const from = { kind: 'message' as const, span: termSpan(reading, field.from, field.to) };
    for (const path of Object.keys(draft.origin))
      if (path === field.path || path.startsWith(`${field.path}.`)) draft.origin[path] = from;
  }
  // Until the run is known it is not known what is left open of it.
  const open = earlier?.question ?? answer?.question;
  if (open) draft.questions = [open];
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

/** "put helmet-yolo 1.0.0 on hold": what is said of a finished model, in words unknown, asks for no training. */
function isOfOwnModel(reading: Reading): boolean {
  const { ownModels, tasks, fields, tokens } = reading;
  const named = ownModels.some((hit) => hit.exact) && tokens.some((token) => token.kind === 'version');
  return named && tasks.length === 0 && fields.found.length === 0 && !says(reading, 'verb.train', 'finetune');
}

/** A reading in which the name of a run, such as cats-resnet50, names neither a dataset nor a model. */
function without({ message }: Reading, project: Project, [from, to]: [number, number]): Reading {
  return { ...read(message.slice(0, from) + ' '.repeat(to - from) + message.slice(to), project), message };
}

function answerWith({ command, origin, questions }: CommandDraft, reading: Reading): ParseResponse {
  return {
    status: questions.length > 0 ? 'needs_clarification' : 'command',
    language: reading.language,
    command,
    origin,
    questions,
    confidence: questions.length > 0 ? 0.7 : confidenceOf(reading),
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
  return { ...base, intent };
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
