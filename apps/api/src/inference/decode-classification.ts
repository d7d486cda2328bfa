import { Fault } from './fault.js';
import { type Decoder, finite } from './outputs.js';

const CLASSES_SHOWN = 10;

/** A probability for each class, from the output of that name or the first. @throws Fault model.classes_unknown */
export function classificationDecoder(names: string[] | null): Decoder {
  if (!names) throw new Fault('model.classes_unknown');
  return (outputs) => {
    const output = outputs.find(({ name }) => name === 'probabilities') ?? outputs[0];
    const values = Array.from(output?.data ?? [], (value) => Number(value));
    if (values.length !== names.length) {
      throw new Fault('model.broken', { problem: `it does not answer ${names.length} probabilities` });
    }
    const classes = probabilitiesOf(values).map((confidence, at) => ({
      name: names[at] as string,
      confidence: finite(confidence),
    }));
    classes.sort((a, b) => b.confidence - a.confidence);
    return { task: 'classification', classes: classes.slice(0, CLASSES_SHOWN) };
  };
}

/** Many models leave the last step, softmax, to whoever uses them. */
function probabilitiesOf(values: number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3) return values;
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sumOf, value) => sumOf + value, 0);
  return powers.map((value) => value / total);
}
