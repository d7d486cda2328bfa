import type { ZooFacets, ZooFilters, ZooReading } from '@mallo/contracts';
import type { Row } from './listings.js';

/** What is asked of a model beside its name. */
export type Wanted = Omit<ZooFilters, 'query'>;
type Check = (row: Row) => boolean;
type Facet = Exclude<keyof ZooFacets, 'paramsM' | 'gflops'>;

function within(value: number | null, least: number | undefined, most: number | undefined): boolean {
  if (least === undefined && most === undefined) return true;
  return value !== null && value >= (least ?? 0) && value <= (most ?? Number.POSITIVE_INFINITY);
}

/** One check for each thing that can be filtered by. */
function checks(wanted: Wanted): Record<keyof ZooFacets, Check> {
  const equal = <T>(value: T, asked: T | undefined) => asked === undefined || value === asked;
  return {
    source: ({ entry }) => equal(entry.source, wanted.source),
    taskType: ({ entry }) => equal(entry.taskType, wanted.taskType),
    family: ({ entry }) => equal(entry.family, wanted.family),
    license: ({ entry }) => equal(entry.license, wanted.license),
    inputSize: ({ entry }) => equal(entry.inputSize, wanted.inputSize),
    pretrained: ({ listing }) => equal(listing.hasPretrained, wanted.pretrained),
    trainable: ({ listing }) => equal(listing.trainable, wanted.trainable),
    paramsM: ({ entry }) => within(entry.paramsM, wanted.minParamsM, wanted.maxParamsM),
    gflops: ({ entry }) => within(entry.gflops, wanted.minGflops, wanted.maxGflops),
  };
}

export function passing(wanted: Wanted): Check {
  const all = Object.values(checks(wanted));
  return (row) => all.every((check) => check(row));
}

/** What was said in words, where no filter says otherwise. */
export function withReading(wanted: Wanted, { taskType, source, minParamsM, maxParamsM }: ZooReading): Wanted {
  return {
    ...wanted,
    taskType: wanted.taskType ?? taskType,
    source: wanted.source ?? source,
    minParamsM: wanted.minParamsM ?? minParamsM,
    maxParamsM: wanted.maxParamsM ?? maxParamsM,
  };
}

/** The values that can be chosen, each facet counted among the models that pass all filters but its own. */
export function facetsOf(found: readonly Row[], wanted: Wanted): ZooFacets {
  const every = Object.entries(checks(wanted)) as [keyof ZooFacets, Check][];
  const passingBut = (own: keyof ZooFacets) => {
    const others = every.filter(([name]) => name !== own).map(([, check]) => check);
    return found.filter((row) => others.every((check) => check(row)));
  };
  const count = (own: Facet, of: (row: Row) => string | number | boolean | null) => {
    const counts = new Map<string, number>();
    for (const row of passingBut(own)) {
      const value = of(row);
      if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    }
    return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  };
  const range = (own: 'paramsM' | 'gflops') => {
    const values = passingBut(own).flatMap(({ entry }) => entry[own] ?? []);
    return values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) };
  };
  return {
    source: count('source', ({ entry }) => entry.source),
    taskType: count('taskType', ({ entry }) => entry.taskType),
    family: count('family', ({ entry }) => entry.family),
    license: count('license', ({ entry }) => entry.license),
    inputSize: count('inputSize', ({ entry }) => entry.inputSize),
    pretrained: count('pretrained', ({ listing }) => listing.hasPretrained),
    trainable: count('trainable', ({ listing }) => listing.trainable),
    paramsM: range('paramsM'),
    gflops: range('gflops'),
  };
}
