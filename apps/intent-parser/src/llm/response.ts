import type { ParseContext, ParseResponse } from '@mallo/contracts';
import { earlierRun } from '../grammar/earlier-run.js';
import { explainArguments } from '../grammar/explanations.js';
import { readAnswer } from '../grammar/follow-up.js';
import { baseOf } from '../grammar/history.js';
import { Project, type Reading, read } from '../grammar/reading.js';
import { compareTargets, findModel, findRun } from '../grammar/references.js';
import { spokenPart } from '../grammar/spoken.js';
import { type Base, resolveTraining } from '../grammar/training.js';
import { asksUndo } from '../grammar/undo.js';
import { recognisedIn, withRecognised } from './grounding.js';
import type { Recognised, Recognition } from './recognition.js';

/** Commands that only show something. Whatever changes something has to be read by the grammar, too. */
function readOnlyCommand(recognition: Recognition, reading: Reading, project: Project): ParseResponse | undefined {
  const { language } = reading;
  const { command: kind, topic } = recognition;
  if (!kind) return undefined;
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
      return answer(explanation(topic, reading, project));
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

/** What a question is about: by the grammar, and where that does not know, by the language model. */
function explanation(topic: Recognition['topic'], reading: Reading, project: Project): ReturnType<typeof findRun> {
  const { args, origin } = explainArguments(reading, project);
  // A word of the field is one that the grammar knows.
  const recognised = topic && topic !== 'concept' ? { topic } : {};
  return { args: { query: reading.message.trim().slice(0, 500), ...recognised, ...args }, origin, questions: [] };
}

function training(
  reading: Reading,
  project: Project,
  context: ParseContext,
  base: Base,
  recognised: Recognised[],
): ParseResponse {
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
export function responseFrom(
  message: string,
  context: ParseContext,
  recognition: Recognition,
  rules: ParseResponse,
): ParseResponse {
  const byRules: ParseResponse = { ...rules, engine: 'rules' };
  const project = new Project(context);
  // What was only quoted or pasted is not asked for, whoever finds it there.
  const reading = { ...read(spokenPart(message), project), message };
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
    const command = rules.command || !recognition.command ? undefined : readOnlyCommand(recognition, reading, project);
    return command ? { ...command, engine: 'llm' } : byRules;
  }
  const recognised = recognisedIn(reading, recognition);
  // A training of which the message says nothing is invented; a sweep is a training the grammar knows more of.
  if (recognised.length === 0 || rules.command?.kind === 'sweep') return byRules;
  const base = baseOf(context, project);
  // What is built upon an earlier run or taken back is not in the form.
  if (asksUndo(reading, base.intent) || earlierRun(reading, project, base.intent)) return byRules;
  return { ...training(reading, project, context, base, recognised), engine: 'llm' };
}
