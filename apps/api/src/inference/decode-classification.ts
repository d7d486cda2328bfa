import { Fault } from './fault.js';
import { type Decoder, finite } from './outputs.js';

const CLASSES_SHOWN = 10;

/** A probability for each class, from the output of that name or the first. @throws Fault model.classes_unknown */
export function classificationDecoder(names: string[] | null): Decoder {
  if (!names) throw new Fault('model.classes_unknown');
  return (outputs) => {
    const output = outputs.find(({ name }) => name === 'probabilities') ?? outputs[0];
    const values = Float64Array.from(output?.data ?? [], Number);
    if (values.length !== names.length) {
      throw new Fault('model.broken', {
        problem: {
          en: `it does not answer ${names.length} probabilities`,
          ko: `확률 ${names.length}개를 답하지 않습니다`,
        },
      });
    }
    const probabilities = probabilitiesOf(values);
    const classes = largest(probabilities, CLASSES_SHOWN).map((at) => ({
      name: names[at] as string,
      confidence: finite(probabilities[at] as number),
    }));
    return { task: 'classification', classes };
  };
}

/** The places of the largest values, the largest first, equals in their order. */
function largest(values: Float64Array, count: number): number[] {
  const places: number[] = [];
  for (const [at, value] of values.entries()) {
    if (places.length === count && !(value > (values[places[count - 1] as number] as number))) continue;
    const before = places.findIndex((place) => value > (values[place] as number));
    places.splice(before === -1 ? places.length : before, 0, at);
    if (places.length > count) places.pop();
  }
  return places;
}

/** Many models leave the last step, softmax, to whoever uses them. */
function probabilitiesOf(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3) return values;
  const most = values.reduce((largestOf, value) => Math.max(largestOf, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sumOf, value) => sumOf + value, 0);
  return powers.map((value) => value / total);
}
