import type { ParseContext, TrainingIntent } from '@mallo/contracts';
import { findCommand } from './commands.js';
import { evidence } from './evidence.js';
import { type Project, read } from './reading.js';
import { type Base, type Draft, resolveTraining } from './training.js';

// What came before 20 turns ago is in the intent by now; reading all of a long history would only cost time.
const TURNS_READ = 20;
const LONGEST_TURN = 4000;
const STOPPING = /stop|patience|종료|스탑|스톱|인내/i;

/** A draft without its defaults, which are chosen again for what the conversation becomes. */
function chosenIn({ intent, origin }: Draft): TrainingIntent {
  const isSaid = (path: string) => origin[path]?.kind !== 'default';
  const said = Object.entries(intent.hyperparameters ?? {}).filter(([name]) => isSaid(`hyperparameters.${name}`));
  const chosen: TrainingIntent = { ...intent, hyperparameters: Object.fromEntries(said) };
  if (!isSaid('modelName')) {
    delete chosen.modelName;
    delete chosen.modelSource;
  }
  if (said.length === 0) delete chosen.hyperparameters;
  return chosen;
}

/** What each turn of the person had settled when it was said, the oldest first; turns about something else left out. */
export function intentsSoFar(context: ParseContext, project: Project): TrainingIntent[] {
  const intents: TrainingIntent[] = [];
  for (const turn of (context.history ?? []).slice(-TURNS_READ)) {
    if (turn.role !== 'user' || turn.content.length > LONGEST_TURN) continue;
    const reading = read(turn.content, project);
    const underWay = intents.length > 0;
    if (reading.hostile || findCommand(reading, project)) continue;
    if (evidence(reading, context.datasets ?? []) < (underWay ? 1 : 2)) continue;
    intents.push(chosenIn(resolveTraining(reading, project, { intent: intents.at(-1) ?? {}, kind: 'history' })));
  }
  return intents;
}

/** What an intent cannot say: that early stopping was turned off in an earlier turn and not on again. */
function unwantedIn(context: ParseContext, intent: TrainingIntent, project: Project): string[] {
  const turns = (context.history ?? []).slice(-TURNS_READ).filter(({ role }) => role === 'user');
  const speaking = turns.filter(({ content }) => content.length <= LONGEST_TURN && STOPPING.test(content));
  const last = speaking.at(-1);
  const isSet = intent.hyperparameters?.earlyStoppingPatience !== undefined;
  if (!last || isSet || Object.keys(intent).length === 0) return [];
  return read(last.content, project).fields.unwanted.map(({ name }) => name);
}

/** What the turns before have settled: the intent that is handed in, or else what their messages say. */
export function baseOf(context: ParseContext, project: Project): Base {
  const intent = context.intent ?? intentsSoFar(context, project).at(-1) ?? {};
  return { intent, kind: context.intent ? 'intent' : 'history', without: unwantedIn(context, intent, project) };
}
