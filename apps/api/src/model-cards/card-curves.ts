import type { CardCurves } from '@mallo/contracts';
import { z } from 'zod';
import type { Say } from './words.js';

/** Points of a chart: more would not be told apart. */
const MOST_POINTS = 60;

const Epoch = z.object({
  epoch: z.number(),
  train_loss: z.number(),
  val_loss: z.number(),
  train_accuracy: z.number(),
  val_accuracy: z.number(),
});
/** What a training measured after an epoch. */
export type Epoch = z.infer<typeof Epoch>;

const WithHistory = z.object({ history: z.array(Epoch).min(1) });

/** The epochs that a metrics.json tells of; null when it tells of none in this form. */
export function epochsOf(text: string): Epoch[] | null {
  try {
    return WithHistory.safeParse(JSON.parse(text)).data?.history ?? null;
  } catch {
    return null;
  }
}

/** Loss and accuracy over the epochs. */
export function curvesOf(epochs: Epoch[] | null, say: Say): CardCurves[] {
  if (!epochs) return [];
  const step = Math.ceil(epochs.length / MOST_POINTS);
  // The last is always there.
  const shown = epochs.filter((_, at) => (epochs.length - 1 - at) % step === 0);
  const curves = (title: string, names: (keyof Epoch)[]): CardCurves => ({
    title,
    epochs: shown.map(({ epoch }) => epoch),
    lines: names.map((name) => ({ name, values: shown.map((epoch) => Number(epoch[name].toPrecision(4))) })),
  });
  return [curves(say('loss'), ['train_loss', 'val_loss']), curves(say('accuracy'), ['train_accuracy', 'val_accuracy'])];
}
