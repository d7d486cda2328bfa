import type { CommandKind, ParseContext, ParseResponse, TrainingIntent } from '@mallo/contracts';
import { readAnswer } from '../grammar/follow-up.js';
import { parse } from '../grammar/parse.js';
import { Project, type Reading, read } from '../grammar/reading.js';
import { compareTargets, findModel, findRun } from '../grammar/references.js';
import { type Base, resolveTraining } from '../grammar/training.js';
import { recognisedIn, withRecognised } from './grounding.js';
import type { Recognised, Recognition } from './recognition.js';

// As far as the grammar looks back; a long history would only cost time.
const TURNS_READ = 20;

/** What the turns before have settled, by the grammar's reading of them; defaults are chosen again. */
function baseOf(context: ParseContext): Base {
  if (context.intent) return { intent: context.intent, kind: 'intent' };
  const history = (context.history ?? []).slice(-TURNS_READ);
  for (let at = history.length - 1; at >= 0; at -= 1) {
    const turn = history[at];
    if (turn?.role !== 'user') continue;
    const { intent, origin } = parse(turn.content, { ...context, history: history.slice(0, at) });
    if (intent) return { intent: said(intent, origin), kind: 'history' };
  }
  return { intent: {}, kind: 'history' };
}

function said(intent: TrainingIntent, origin: ParseResponse['origin']): TrainingIntent {
  const { hyperparameters = {}, modelName, modelSource, ...rest } = intent;
  const isSaid = (path: string) => origin[path]?.kind !== 'default';
  const values = Object.entries(hyperparameters).filter(([name]) => isSaid(`hyperparameters.${name}`));
  return {
    ...rest,
    ...(modelName && isSaid('modelName') && { modelName, modelSource }),
    ...(values.length > 0 && { hyperparameters: Object.fromEntries(values) }),
  };
}

/** Commands that only show something. Whatever changes something has to be read by the grammar, too. */
function readOnlyCommand(kind: CommandKind, reading: Reading, project: Project): ParseResponse | undefined {
  const { language } = reading;
  const answer = (
    { args, origin, questions }: ReturnType<typeof findRun> = { args: {}, origin: {}, questions: [] },
  ): ParseResponse => ({
    status: questions.length > 0 ? 'needs_clarification' : 'command',
    language,
    command: { kind, ...args },
    origin,
    questions,
    confidence: questions.length > 0 ? 0.6 : 0.9,
  });
  switch (kind) {
    case 'list_models':
    case 'list_datasets':
    case 'list_runs':
    case 'help':
      return answer();
    case 'explain':
      return answer({ args: { query: reading.message.trim().slice(0, 500) }, origin: {}, questions: [] });
    case 'status':
      return answer(findRun(reading, project, ['running', 'queued']));
    case 'compare':
      return answer(compareTargets(reading, project));
    case 'predict':
      return answer({ ...findModel(reading, project, { optional: true }), questions: [] });
    default:
      return undefined;
  }
}

function training(reading: Reading, project: Project, context: ParseContext, recognised: Recognised[]): ParseResponse {
  const base = baseOf(context);
  const wasAsked = context.history !== undefined || Object.keys(base.intent).length > 0;
  const chosen = (wasAsked && readAnswer(reading, project, base.intent, context)?.fields) || [];
  // "the second one": the name that was offered, as if it had been said.
  const answered = chosen
    .filter(({ path }) => !recognised.some((field) => field.path === path))
    .map((field) => (field.path === 'dataset' ? { ...field, value: (field.value as { name: string }).name } : field));
  const draft = resolveTraining(withRecognised(reading, project, [...recognised, ...answered]), project, base);
  const done = draft.questions.length === 0;
  return {
    status: done ? 'complete' : 'needs_clarification',
    language: reading.language,
    ...draft,
    confidence: done ? 0.9 : 0.6,
  };
}

/**
 * Turns what a language model recognised into an answer, by the grammar's own grounding, checks and defaults.
 * `rules` is the grammar's answer to the same message; it stands wherever the model may not decide.
 */
export function answerFrom(
  message: string,
  context: ParseContext,
  recognition: Recognition,
  rules: ParseResponse,
): ParseResponse {
  const byRules: ParseResponse = { ...rules, engine: 'rules' };
  const project = new Project(context);
  const reading = read(message, project);
  if (recognition.kind === 'out_of_scope') {
    if (rules.status === 'complete' || rules.command) return byRules;
    return {
      status: 'out_of_scope',
      language: reading.language,
      origin: {},
      questions: [],
      confidence: 0.9,
      engine: 'llm',
    };
  }
  // Both read a command: the grammar's has its arguments. Only the grammar reads one that changes something.
  if (recognition.kind === 'command') {
    const command =
      rules.command || !recognition.command ? undefined : readOnlyCommand(recognition.command, reading, project);
    return command ? { ...command, engine: 'llm' } : byRules;
  }
  const recognised = recognisedIn(reading, recognition);
  // A training of which the message says nothing is invented; a sweep is a training the grammar knows more of.
  if (recognised.length === 0 || rules.command?.kind === 'sweep') return byRules;
  return { ...training(reading, project, context, recognised), engine: 'llm' };
}
