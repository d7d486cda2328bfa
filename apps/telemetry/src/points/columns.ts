import { ByteReader, ByteWriter } from './bytes.js';

/** Points of one curve, column by column; steps and times are safe integers. */
export type Columns = { steps: Float64Array; timesMs: Float64Array; values: Float64Array };

/**
 * How a curve treats its points. `training`: one for each step, the later replaces the earlier, as a resumed training
 * repeats itself. `logged`: all of them, but exact repeats, as a program whose request was cut sends it again.
 */
export type CurveKind = 'training' | 'logged';

export const NO_POINTS: Columns = columnsOf([], [], []);

export function columnsOf(steps: ArrayLike<number>, timesMs: ArrayLike<number>, values: ArrayLike<number>): Columns {
  return { steps: Float64Array.from(steps), timesMs: Float64Array.from(timesMs), values: Float64Array.from(values) };
}

export function slice({ steps, timesMs, values }: Columns, from: number, to: number): Columns {
  return { steps: steps.subarray(from, to), timesMs: timesMs.subarray(from, to), values: values.subarray(from, to) };
}

/** The points at these places, in the order of the places. */
export function pick(columns: Columns, places: ArrayLike<number>): Columns {
  const of = (column: Float64Array) => Float64Array.from(places, (place) => column[place] ?? Number.NaN);
  return { steps: of(columns.steps), timesMs: of(columns.timesMs), values: of(columns.values) };
}

function concat(parts: readonly Columns[]): Columns {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const length = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const all = {
    steps: new Float64Array(length),
    timesMs: new Float64Array(length),
    values: new Float64Array(length),
  };
  let at = 0;
  for (const part of parts) {
    all.steps.set(part.steps, at);
    all.timesMs.set(part.timesMs, at);
    all.values.set(part.values, at);
    at += part.steps.length;
  }
  return all;
}

/** NaN is the greatest value and equal to itself, as in PostgreSQL. */
function compareValues(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The order of a curve: by step, where all points stay also by time and value. 0: one of the two is not kept. */
export function comparePoints(kind: CurveKind, a: Columns, i: number, b: Columns, j: number): number {
  const bySteps = (a.steps[i] as number) - (b.steps[j] as number);
  if (bySteps !== 0 || kind === 'training') return bySteps;
  const byTimes = (a.timesMs[i] as number) - (b.timesMs[j] as number);
  return byTimes !== 0 ? byTimes : compareValues(a.values[i] as number, b.values[j] as number);
}

/** Points in the order of the curve, without those it does not keep. @param parts the later ones follow */
export function merged(kind: CurveKind, parts: readonly Columns[]): Columns {
  const all = concat(parts);
  const total = all.steps.length;
  let sorted = true;
  for (let at = 1; at < total && sorted; at += 1) sorted = comparePoints(kind, all, at - 1, all, at) < 0;
  if (sorted) return all;
  const places = Uint32Array.from({ length: total }, (_, at) => at);
  places.sort((i, j) => comparePoints(kind, all, i, all, j) || i - j);
  // Of equals the last, which came last.
  const kept = places.filter((place, at) => {
    const next = places[at + 1];
    return next === undefined || comparePoints(kind, all, place, all, next) !== 0;
  });
  return pick(all, kept);
}

/** What comes next in a regular column. Packing and unpacking go by it, so what is stored depends on it. */
function expectedAfter(value: number, previous: number): number {
  const next = 2 * value - previous;
  return Number.isSafeInteger(next) ? next : value;
}

/** Packs points: steps and times as differences of differences, which regular ones have none of, then the values. */
export function pack({ steps, timesMs, values }: Columns): Buffer {
  const bytes = new ByteWriter(16 + values.length * 10);
  bytes.count(values.length);
  for (const column of [steps, timesMs]) {
    let previous = 0;
    let expected = 0;
    for (const value of column) {
      bytes.difference(value, expected);
      expected = expectedAfter(value, previous);
      previous = value;
    }
  }
  bytes.doubles(values);
  return bytes.finish();
}

export function unpack(packed: Buffer): Columns {
  const bytes = new ByteReader(packed);
  const count = bytes.count();
  const column = () => {
    const values = new Float64Array(count);
    let previous = 0;
    let expected = 0;
    for (let at = 0; at < count; at += 1) {
      const value = bytes.difference(expected);
      values[at] = value;
      expected = expectedAfter(value, previous);
      previous = value;
    }
    return values;
  };
  return { steps: column(), timesMs: column(), values: bytes.doubles(count) };
}
