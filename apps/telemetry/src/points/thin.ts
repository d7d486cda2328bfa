import { type Columns, pick } from './columns.js';

/**
 * At most `most` points of a curve, in their order: both ends, and of each stretch between them the lowest and the
 * highest number, its first NaN and its first infinity of either sign, so that no spike and no hole is lost.
 * Libraries (downsample, lttb) choose by area, which may drop a spike, and know no NaN.
 */
export function thin(columns: Columns, most: number): Columns {
  const { values } = columns;
  if (values.length <= most) return columns;
  const kinds = new Set(values.filter((value) => !Number.isFinite(value))).size;
  return extremes(columns, Math.max(1, Math.floor((most - 2) / (2 + kinds))));
}

/** Both ends of a curve of at least two points, and what `thin` keeps of so many stretches between them. */
export function extremes(columns: Columns, stretches: number): Columns {
  const { values } = columns;
  const total = values.length;
  const places: number[] = [0];
  const size = (total - 2) / stretches;
  for (let nth = 0; nth < stretches; nth += 1) {
    const from = 1 + Math.floor(nth * size);
    const to = nth === stretches - 1 ? total - 1 : 1 + Math.floor((nth + 1) * size);
    addExtremes(values, from, to, places);
  }
  places.push(total - 1);
  return pick(columns, places);
}

function addExtremes(values: Float64Array, from: number, to: number, places: number[]): void {
  let low = -1;
  let high = -1;
  let nan = -1;
  let below = -1;
  let above = -1;
  for (let at = from; at < to; at += 1) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) nan = nan < 0 ? at : nan;
      else if (value < 0) below = below < 0 ? at : below;
      else above = above < 0 ? at : above;
      continue;
    }
    if (low < 0 || value < (values[low] as number)) low = at;
    if (high < 0 || value > (values[high] as number)) high = at;
  }
  const found = [...new Set([low, high, nan, below, above])].filter((at) => at >= 0).sort((a, b) => a - b);
  places.push(...found);
}
