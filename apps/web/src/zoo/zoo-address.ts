import { ModelSource, TaskType, ZOO_COMPARE_MAX, ZooSort } from '@mallo/contracts';
import type { ChangeAddress } from '@/ui/use-address';

/** What the page of the zoo shows, as its address has it. */
export type ZooAddress = {
  query: string;
  taskType: TaskType | null;
  source: ModelSource | null;
  family: string | null;
  license: string | null;
  inputSize: number | null;
  pretrained: boolean;
  trainable: boolean;
  minParamsM: number | null;
  maxParamsM: number | null;
  minGflops: number | null;
  maxGflops: number | null;
  /** Null: the nearest to what is searched for, or what to begin with where nothing is. */
  sort: ZooSort | null;
  descending: boolean;
  /** Keys of the models chosen to compare, at most ZOO_COMPARE_MAX. */
  compare: string[];
  isComparing: boolean;
  /** Key of the model whose panel is open. */
  model: string | null;
};

export type ZooChange = ChangeAddress<ZooAddress>;

const TEXTS = ['family', 'license', 'model'] as const;
const NUMBERS = ['inputSize', 'minParamsM', 'maxParamsM', 'minGflops', 'maxGflops'] as const;
const FLAGS = ['pretrained', 'trainable', 'descending'] as const;

/** What an address means; what it holds that means nothing is left out. */
export function readZooAddress(params: URLSearchParams): ZooAddress {
  const text = (name: string) => params.get(name) || null;
  const number = (name: string) => {
    const value = Number(params.get(name) || Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  return {
    query: params.get('q')?.slice(0, 200) ?? '',
    taskType: TaskType.safeParse(params.get('taskType')).data ?? null,
    source: ModelSource.safeParse(params.get('source')).data ?? null,
    family: text('family'),
    license: text('license'),
    model: text('model'),
    inputSize: number('inputSize'),
    minParamsM: number('minParamsM'),
    maxParamsM: number('maxParamsM'),
    minGflops: number('minGflops'),
    maxGflops: number('maxGflops'),
    pretrained: params.get('pretrained') === 'true',
    trainable: params.get('trainable') === 'true',
    descending: params.get('descending') === 'true',
    sort: ZooSort.safeParse(params.get('sort')).data ?? null,
    compare: [...new Set(params.get('compare')?.split(',').filter(Boolean))].slice(0, ZOO_COMPARE_MAX),
    isComparing: params.get('view') === 'compare',
  };
}

export function writeZooAddress(address: ZooAddress, params: URLSearchParams): void {
  const set = (name: string, value: string | null) => (value ? params.set(name, value) : params.delete(name));
  set('q', address.query);
  set('taskType', address.taskType);
  set('source', address.source);
  for (const name of TEXTS) set(name, address[name]);
  for (const name of NUMBERS) set(name, address[name] === null ? null : String(address[name]));
  for (const name of FLAGS) set(name, address[name] ? 'true' : null);
  set('sort', address.sort);
  set('compare', address.compare.join(','));
  set('view', address.isComparing && address.compare.length > 0 ? 'compare' : null);
}

/** The order of the list; how near a model is to a search has no meaning without one. */
export function sortOf({ query, sort }: ZooAddress): ZooSort {
  const isSearch = query.trim() !== '';
  return sort === null || (sort === 'relevance' && !isSearch) ? (isSearch ? 'relevance' : 'suggested') : sort;
}

/** The filters of an address, as the api takes them. */
export function filtersOf(address: ZooAddress) {
  const { query, pretrained, trainable } = address;
  return {
    ...(query.trim() ? { query: query.trim() } : {}),
    taskType: address.taskType ?? undefined,
    source: address.source ?? undefined,
    family: address.family ?? undefined,
    license: address.license ?? undefined,
    inputSize: address.inputSize ?? undefined,
    minParamsM: address.minParamsM ?? undefined,
    maxParamsM: address.maxParamsM ?? undefined,
    minGflops: address.minGflops ?? undefined,
    maxGflops: address.maxGflops ?? undefined,
    pretrained: pretrained || undefined,
    trainable: trainable || undefined,
  };
}

/** An address without its filters; the search, the sort and what is compared stay. */
export const NO_FILTERS: Partial<ZooAddress> = {
  taskType: null,
  source: null,
  family: null,
  license: null,
  inputSize: null,
  pretrained: false,
  trainable: false,
  minParamsM: null,
  maxParamsM: null,
  minGflops: null,
  maxGflops: null,
};

export function hasFilters(address: ZooAddress): boolean {
  return (Object.keys(NO_FILTERS) as (keyof ZooAddress)[]).some((name) => address[name] !== NO_FILTERS[name]);
}
