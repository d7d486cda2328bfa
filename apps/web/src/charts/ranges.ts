import { type DrawnCurve, placeOf, type Span } from './drawn-curve';

/** Room above and below the curves, of their height. */
const ROOM = 0.06;

/** From the first point of any curve to the last; where x grows by powers, of what is above zero. */
export function widthOf(curves: readonly DrawnCurve[], isLog: boolean): Span {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { xs } of curves) {
    const first = isLog ? xs[placeOf(xs, Number.MIN_VALUE)] : xs[0];
    const last = xs.at(-1);
    if (first === undefined || last === undefined) continue;
    if (first < from) from = first;
    if (last > to) to = last;
  }
  if (from > to) return isLog ? [1, 10] : [0, 1];
  if (from === to) return isLog ? [from / 2, to * 2] : [from - 0.5, to + 0.5];
  return [from, to];
}

/** From the lowest to the highest value within a span of x, with some room. */
export function heightOf(curves: readonly DrawnCurve[], [from, to]: Span, isLog: boolean): Span {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { xs, ys, raw } of curves) {
    // A smoothed curve lies within its raw values.
    const values = raw ?? ys;
    const end = Math.min(xs.length, placeOf(xs, to) + 1);
    for (let index = placeOf(xs, from); index < end; index++) {
      const value = values[index] as number;
      if (Number.isNaN(value) || (isLog && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return isLog ? [0.1, 1] : [0, 1];
  if (isLog) {
    const room = low === high ? 2 : (high / low) ** ROOM;
    return [low / room, high * room];
  }
  const room = low === high ? Math.abs(low) * 0.1 || 0.5 : (high - low) * ROOM;
  return [low - room, high + room];
}

/** A span made wider (above 1) or narrower around its middle. */
export function scaled([from, to]: Span, by: number, isLog: boolean): Span {
  if (isLog) {
    const [low, high] = scaled([Math.log10(from), Math.log10(to)], by, false);
    return [10 ** low, 10 ** high];
  }
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * by;
  return [middle - half, middle + half];
}
