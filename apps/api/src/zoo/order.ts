import type { ZooSort, ZooWish } from '@mallo/contracts';
import type { Row } from './listings.js';

type Figure = (row: Row) => number | null;

const FIGURES: Record<Exclude<ZooSort, 'relevance' | 'name'>, Figure> = {
  params: ({ entry }) => entry.paramsM,
  gflops: ({ entry }) => entry.gflops,
  accuracy: ({ listing }) => listing.accuracy?.value ?? null,
  memory: ({ listing }) => listing.trainingMemoryBytes,
};

/** By a figure, those of which it is not known last in either direction; the order of before stands among equals. */
export function sorted(rows: readonly Row[], by: ZooSort, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  if (by === 'relevance') return descending ? rows.toReversed() : [...rows];
  if (by === 'name') return rows.toSorted((a, b) => sign * a.entry.name.localeCompare(b.entry.name, 'en'));
  const figure = FIGURES[by];
  return rows.toSorted((a, b) => {
    const [first, second] = [figure(a), figure(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}

/** What a wish weighs: the logarithm of a cost, or the share of errors; null where it is not known. */
const COSTS: Record<ZooWish, Figure> = {
  light: ({ entry }) => entry.paramsM && Math.log(entry.paramsM),
  fast: ({ entry }) => entry.gflops && Math.log(entry.gflops),
  accurate: ({ listing }) => listing.accuracy && Math.log(100 - listing.accuracy.value),
};
/** A model without weights has to learn everything from one's own images: as costly as being this many times larger. */
const NO_WEIGHTS = Math.log(4);

/** Those that fulfil the wishes best first; models of which that is not known come last, before timm's made for tests. */
export function byWishes(rows: readonly Row[], wishes: readonly ZooWish[]): Row[] {
  const cost = (row: Row): number => {
    if (row.entry.name.startsWith('test_')) return Number.MAX_VALUE;
    const costs = wishes.map((wish) => COSTS[wish](row));
    if (costs.includes(null)) return Number.MAX_VALUE / 2;
    return costs.reduce<number>((sum, one) => sum + (one ?? 0), row.listing.hasPretrained ? 0 : NO_WEIGHTS);
  };
  const costs = new Map(rows.map((row) => [row, cost(row)]));
  return rows.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
}
