/** A curve is smoothed as if its points lay so many to its width, however many it has: thinning does not change it. */
const POINTS_OF_A_WIDTH = 1000;
const STRONGEST = 0.999;

/**
 * Exponential moving average whose weight follows the distance between points, without the pull to zero at the start.
 * After Weights & Biases' time-weighted average (docs.wandb.ai/guides/app/features/panels/line-plot/smoothing).
 * `weight` is 0 (as it is) to 1; gaps stay gaps.
 */
export function smoothed(xs: Float64Array, ys: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(ys.length);
  const keep = Math.min(Math.sqrt(Math.max(0, weight)), STRONGEST);
  const width = (xs.at(-1) ?? 0) - (xs[0] ?? 0) || 1;
  let sum = 0;
  let weights = 0;
  let before = xs[0] ?? 0;
  for (let index = 0; index < ys.length; index++) {
    const y = ys[index] as number;
    if (Number.isNaN(y)) {
      out[index] = Number.NaN;
      continue;
    }
    const x = xs[index] as number;
    const kept = keep ** (((x - before) / width) * POINTS_OF_A_WIDTH);
    before = x;
    sum = sum * kept + y;
    weights = weights * kept + 1;
    out[index] = sum / weights;
  }
  return out;
}
