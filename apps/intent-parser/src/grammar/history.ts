import type { ParseContext, TrainingIntent } from '@mallo/contracts';
import { findCommand } from './commands.js';
import { evidence } from './evidence.js';
import { type Project, read } from './reading.js';
import { type Base, type Draft, resolveTraining } from './training.js';

// What came before 20 turns ago is in the intent by now; reading all of a long history would only cost time.
const TURNS_READ = 20;
const LONGEST_TURN = 4000;

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

/** What the turns before have settled: the intent that is handed in, or else what their messages say. */
export function baseOf(context: ParseContext, project: Project): Base {
  if (context.intent) return { intent: context.intent, kind: 'intent' };
  return { intent: intentsSoFar(context, project).at(-1) ?? {}, kind: 'history' };
}
