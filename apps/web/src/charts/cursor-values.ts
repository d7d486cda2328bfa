import { type DrawnCurve, nearestPlace } from './drawn-curve';

type CursorValue = { curve: DrawnCurve; x: number; y: number };

/** Values of the curves where the cursor is: of each its nearest point, if it has one within `reach` of x. */
export function valuesAt(curves: readonly DrawnCurve[], x: number, reach: number): CursorValue[] {
  return curves.flatMap((curve) => {
    const place = nearestPlace(curve.xs, x);
    if (place === -1) return [];
    const at = curve.xs[place] as number;
    const y = curve.ys[place] as number;
    return Number.isNaN(y) || Math.abs(at - x) > reach ? [] : [{ curve, x: at, y }];
  });
}
