import { z } from 'zod';

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

/** A chart of some figures over the epochs, as Mermaid draws it (mermaid.js.org/syntax/xyChart.html). */
export function chart(epochs: Epoch[], title: string, figures: (keyof Epoch)[]): string {
  const step = Math.ceil(epochs.length / MOST_POINTS);
  // The last is always there.
  const shown = epochs.filter((_, at) => (epochs.length - 1 - at) % step === 0);
  const lines = figures.map((figure) => {
    const values = shown.map((epoch) => Number(epoch[figure].toPrecision(4)));
    return `  line "${figure}" [${values.join(', ')}]`;
  });
  const axis = `  x-axis "epoch" [${shown.map(({ epoch }) => epoch).join(', ')}]`;
  return ['```mermaid', 'xychart-beta', `  title "${title}"`, axis, ...lines, '```'].join('\n');
}
