import { expect, test } from 'vitest';
import { thin } from './thin.js';

const MOST = 1000;

function thinned(odd: Record<number, number>) {
  const values = Float64Array.from({ length: 100_000 }, (_, at) => odd[at] ?? Math.sin(at / 1000));
  const steps = Float64Array.from(values.keys());
  const { steps: kept, values: shown } = thin({ steps, timesMs: steps, values }, MOST);
  expect(kept.length).toBeLessThanOrEqual(MOST);
  return [...kept].map((step, at) => [step, shown[at] as number]);
}

test('keeps every kind of what is no number in a stretch, and the spikes beside them', () => {
  const odd: Record<number, number> = {
    50001: Number.NaN,
    50002: Number.POSITIVE_INFINITY,
    50003: Number.NEGATIVE_INFINITY,
    50004: 99,
    50005: -99,
  };
  expect(thinned(odd).filter(([step]) => (step as number) in odd)).toEqual(
    Object.entries(odd).map(([step, value]) => [Number(step), value]),
  );
});
