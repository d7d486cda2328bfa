import type { LiveSnapshot } from '@mallo/contracts';

/** A point of a curve that is a number. */
export type Point = { step: number; value: number };

/** The curves of a training. Those of whole epochs count epochs, the others batches over the whole run. */
export type Curves = {
  trainLoss: Point[];
  trainAccuracy: Point[];
  valLoss: Point[];
  valAccuracy: Point[];
  batchLoss: Point[];
  /** The first point of a loss that is not a number. */
  broken: { key: string; step: number } | null;
};

const LOSSES = ['loss', 'train_loss', 'val_loss'];

export function curvesOf(snapshot: LiveSnapshot | null): Curves {
  const points = (key: string) => snapshot?.curves.find((curve) => curve.key === key)?.points ?? [];
  const finite = (key: string) =>
    points(key).flatMap(([step, value]) => (typeof value === 'number' ? [{ step, value }] : []));
  const broken = LOSSES.flatMap((key) => {
    const point = points(key).find(([, value]) => typeof value !== 'number');
    return point ? [{ key, step: point[0] }] : [];
  });
  return {
    trainLoss: finite('train_loss'),
    trainAccuracy: finite('train_accuracy'),
    valLoss: finite('val_loss'),
    valAccuracy: finite('val_accuracy'),
    batchLoss: finite('loss'),
    broken: broken[0] ?? null,
  };
}

/** The point with the highest value, the first of equal ones; undefined for an empty curve. */
export function highest(curve: readonly Point[]): Point | undefined {
  return curve.reduce<Point | undefined>(
    (best, point) => (best && best.value >= point.value ? best : point),
    undefined,
  );
}

/** The point with the lowest value, the first of equal ones; undefined for an empty curve. */
export function lowest(curve: readonly Point[]): Point | undefined {
  return curve.reduce<Point | undefined>(
    (best, point) => (best && best.value <= point.value ? best : point),
    undefined,
  );
}

export function at(curve: readonly Point[], step: number): Point | undefined {
  return curve.find((point) => point.step === step);
}
