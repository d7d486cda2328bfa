import { indexedPng, type Rgba } from './indexed-png.js';
import { type Decoder, finite, type Output, unknownOutput } from './outputs.js';

/** From clear over yellow to red. */
const PALETTE: Rgba[] = Array.from({ length: 256 }, (_, value) => [255, 255 - value, 0, Math.round(value * 0.8)]);

/**
 * A score and, where the model makes one, a map: `anomaly_map`, `pred_score` and `pred_label` as anomalib exports them,
 * or what has their form. Without a score it is the map's most.
 */
export const anomalyDecoder: Decoder = (outputs) => {
  const map = outputs.find(({ name }) => name === 'anomaly_map') ?? outputs.find(isMap);
  const single = outputs.filter(({ data, type }) => data.length === 1 && type.startsWith('float'));
  const score = single.find(({ name }) => /score/i.test(name)) ?? single[0];
  const label = outputs.find(({ data, type, name }) => data.length === 1 && (type === 'bool' || /label/i.test(name)));
  if (!map && !score) throw unknownOutput('anomaly_detection', outputs);
  const range = map ? rangeOf(map.data as ArrayLike<number>) : null;
  return {
    task: 'anomaly_detection',
    score: finite(score ? Number(score.data[0]) : (range?.[1] ?? Number.NaN)),
    isAnomalous: label && label !== score ? Number(label.data[0]) > 0 : null,
    heatMap: map && range ? drawn(map, range) : null,
    heatMapRange: range,
  };
};

/** One plane of numbers. */
function isMap({ shape, type, data }: Output): boolean {
  const [height = 0, width = 0] = shape.slice(-2);
  return type === 'float32' && shape.length >= 2 && data.length === height * width && data.length > 1;
}

function rangeOf(data: ArrayLike<number>): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < data.length; at += 1) {
    const value = finite(data[at] as number);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

function drawn({ data, shape }: Output, [least, most]: [number, number]): string {
  const [height = 0, width = 0] = shape.slice(-2);
  const scale = most > least ? 255 / (most - least) : 0;
  const values = Uint8Array.from(data, (value) => Math.round((Number(value) - least) * scale));
  return indexedPng(values, width, height, PALETTE).toString('base64');
}
