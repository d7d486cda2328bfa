import type { TaskType, ZooSort, ZooWish } from '@mallo/contracts';
import { rows as ofTheCatalogue, type Row } from './listings.js';

type Figure = (row: Row) => number | null;

const FIGURES: Record<Exclude<ZooSort, 'relevance' | 'suggested' | 'name'>, Figure> = {
  params: ({ entry }) => entry.paramsM,
  gflops: ({ entry }) => entry.gflops,
  accuracy: ({ listing }) => listing.accuracy?.value ?? null,
  memory: ({ listing }) => listing.trainingMemoryBytes,
};

/** By a figure, those of which it is not known last in either direction; the order of before stands among equals. */
export function sorted(rows: readonly Row[], by: ZooSort, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  if (by === 'relevance') return descending ? rows.toReversed() : [...rows];
  if (by === 'suggested') return descending ? suggested(rows).toReversed() : suggested(rows);
  if (by === 'name') return rows.toSorted((a, b) => sign * a.entry.name.localeCompare(b.entry.name, 'en'));
  const figure = FIGURES[by];
  return rows.toSorted((a, b) => {
    const [first, second] = [figure(a), figure(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}

/** What a figure was measured on, in one word for `COCO` and `COCO val2017`. */
function benchmarkOf({ listing }: Row): string | null {
  return listing.accuracy && `${listing.accuracy.metric} ${/^\w+/.exec(listing.accuracy.dataset)?.[0]}`;
}

/** The benchmark of each task that most models were measured on; figures of others are of easier or harder images. */
const usualBenchmarks = new Map<TaskType, string>();
for (const [taskType, all] of Map.groupBy(ofTheCatalogue, ({ entry }) => entry.taskType)) {
  const measured = Map.groupBy(
    all.map(benchmarkOf).filter((name) => name !== null),
    (name) => name,
  );
  const [usual] = [...measured].toSorted(([, a], [, b]) => b.length - a.length);
  if (usual) usualBenchmarks.set(taskType, usual[0]);
}

function isComparable(row: Row): boolean {
  return benchmarkOf(row) === usualBenchmarks.get(row.entry.taskType);
}

/** What a wish weighs: the logarithm of a cost, or the share of errors; null where it is not known. */
const COSTS: Record<ZooWish, Figure> = {
  light: ({ entry }) => entry.paramsM && Math.log(entry.paramsM),
  fast: ({ entry }) => entry.gflops && Math.log(entry.gflops),
  accurate: (row) => (row.listing.accuracy && isComparable(row) ? Math.log(100 - row.listing.accuracy.value) : null),
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

/** A model of which so many weights were published is one that people use. */
const WIDELY_USED = 4;

/**
 * What to begin with: one's own models; then of those that can be trained here the widely used ones, then the others;
 * then what cannot be trained here. The lightest first each time.
 */
function suggested(rows: readonly Row[]): Row[] {
  const place = ({ entry, listing }: Row) => {
    if (!listing.trainable) return 3;
    if (entry.source === 'own') return 0;
    return entry.pretrained.length >= WIDELY_USED ? 1 : 2;
  };
  return byWishes(rows, ['light', 'fast']).toSorted((a, b) => place(a) - place(b));
}
