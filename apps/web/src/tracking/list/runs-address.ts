import { ExperimentId, type RunColumns, RunKind, RunSearch, RunStatus } from '@mallo/contracts';
import type { ChangeAddress } from '@/ui/use-address';
import { MOST_NAMES, namesIn } from '../names-in-address';

/** What the page of the runs shows, as its address has it. */
export type RunsAddress = {
  experiments: string[];
  /** As it was typed: conditions in MLflow's words, or a part of a name. */
  filter: string;
  statuses: RunStatus[];
  kinds: RunKind[];
  /** Such as `metrics.acc` or `attributes.start_time`; null is the newest first. */
  sort: string | null;
  descending: boolean;
  /** Null: what the runs have, as the page chooses. */
  columns: RunColumns | null;
};

export type RunsChange = ChangeAddress<RunsAddress>;

const COLUMN_NAMES = { metrics: 'm', params: 'p', tags: 't' } as const;
/** Says that no column was chosen, which is not the same as no choice. */
const NO_COLUMNS = 'none';

/** What an address means; what it holds that means nothing is left out. */
export function readRunsAddress(params: URLSearchParams): RunsAddress {
  const all = <T>(name: string, schema: { safeParse: (value: unknown) => { data?: T } }) => [
    ...new Set(params.getAll(name).flatMap((value) => schema.safeParse(value).data ?? [])),
  ];
  const namesOf = (kind: keyof RunColumns) => namesIn(params, COLUMN_NAMES[kind], MOST_NAMES);
  const columns = { metrics: namesOf('metrics'), params: namesOf('params'), tags: namesOf('tags') };
  const isChosen = params.get('columns') === NO_COLUMNS || Object.values(columns).some((list) => list.length > 0);
  return {
    experiments: all('e', ExperimentId).slice(0, 100),
    filter: params.get('q')?.slice(0, 10_000) ?? '',
    statuses: all('status', RunStatus),
    kinds: all('kind', RunKind),
    sort: /^(metrics|params|tags|attributes)\..{1,250}$/s.exec(params.get('sort') ?? '')?.[0] ?? null,
    descending: params.get('order') !== 'asc',
    columns: isChosen ? columns : null,
  };
}

export function writeRunsAddress(address: RunsAddress, params: URLSearchParams): void {
  const set = (name: string, value: string | null) => (value ? params.set(name, value) : params.delete(name));
  const setAll = (name: string, values: readonly string[]) => {
    params.delete(name);
    for (const value of values) params.append(name, value);
  };
  setAll('e', address.experiments);
  set('q', address.filter);
  setAll('status', address.statuses);
  setAll('kind', address.kinds);
  set('sort', address.sort);
  set('order', address.sort && !address.descending ? 'asc' : null);
  const { columns } = address;
  for (const kind of ['metrics', 'params', 'tags'] as const) setAll(COLUMN_NAMES[kind], columns?.[kind] ?? []);
  set('columns', columns && Object.values(columns).every((list) => list.length === 0) ? NO_COLUMNS : null);
}

const HAS_COMPARISON = /[=<>]|\s(i?like|not\s+in|in|is)\s/i;

/** What was typed as the server takes it: what compares nothing is a part of a name. */
function filterOf(typed: string): string {
  const text = typed.trim();
  if (!text || HAS_COMPARISON.test(text)) return text;
  return `attributes.run_name ILIKE '%${text.replaceAll("'", "''")}%'`;
}

/** A name as filters and orders hold it: `metrics.acc`, ``metrics.`val/acc` ``. */
function fieldOf(kind: keyof RunColumns | 'attributes', key: string): string {
  if (/^[\w.]+$/.test(key)) return `${kind}.${key}`;
  return key.includes('`') ? `${kind}."${key}"` : `${kind}.\`${key}\``;
}

/** The runs that an address asks for, without columns. */
export function searchOf(address: RunsAddress): Omit<RunSearch, 'columns' | 'limit' | 'cursor' | 'runIds'> {
  const { experiments, filter, statuses, kinds, sort, descending } = address;
  const [, kind, key] = /^(\w+)\.(.+)$/s.exec(sort ?? '') ?? [];
  return {
    experimentIds: experiments,
    filter: filterOf(filter),
    statuses,
    kinds,
    orderBy: kind && key ? [`${fieldOf(kind as 'metrics', key)} ${descending ? 'DESC' : 'ASC'}`] : [],
  };
}

/** An address without what narrows it. */
export const NO_FILTERS = { experiments: [], filter: '', statuses: [], kinds: [] } satisfies Partial<RunsAddress>;

export function isNarrowed({ experiments, filter, statuses, kinds }: RunsAddress): boolean {
  return filter.trim() !== '' || [experiments, statuses, kinds].some((list) => list.length > 0);
}
