import { AliasName, METRIC_CONDITION, Stage, TAG_CONDITION, TaskType } from '@mallo/contracts';
import type { ChangeAddress } from '@/ui/use-address';

/** What the page of the models shows, as its address has it. */
export type ModelsAddress = {
  search: string;
  task: TaskType | null;
  framework: string | null;
  /** Such as `val_accuracy>=0.9`. */
  metrics: string[];
  /** Such as `team=vision` or `checked`. */
  tags: string[];
  alias: string | null;
  stage: Stage | null;
  /** `changed`, `created`, `name`, or `metric:NAME`. */
  sort: string;
  order: 'asc' | 'desc' | null;
};

export type ModelsChange = ChangeAddress<ModelsAddress>;

const DEFAULT_SORT = 'changed';

/** What an address means; what it holds that means nothing is left out. */
export function readModelsAddress(params: URLSearchParams): ModelsAddress {
  const order = params.get('order');
  return {
    search: params.get('q')?.slice(0, 200) ?? '',
    task: TaskType.safeParse(params.get('task')).data ?? null,
    framework: params.get('framework') || null,
    metrics: params.getAll('metric').filter((condition) => METRIC_CONDITION.test(condition)),
    tags: params.getAll('tag').filter((condition) => TAG_CONDITION.test(condition)),
    alias: AliasName.safeParse(params.get('alias')).data ?? null,
    stage: Stage.safeParse(params.get('stage')).data ?? null,
    sort: /^(changed|created|name|metric:.{1,250})$/s.exec(params.get('sort') ?? '')?.[0] ?? DEFAULT_SORT,
    order: order === 'asc' || order === 'desc' ? order : null,
  };
}

export function writeModelsAddress(address: ModelsAddress, params: URLSearchParams): void {
  const set = (name: string, value: string | null) => (value ? params.set(name, value) : params.delete(name));
  set('q', address.search);
  set('task', address.task);
  set('framework', address.framework);
  set('alias', address.alias);
  set('stage', address.stage);
  set('sort', address.sort === DEFAULT_SORT ? null : address.sort);
  set('order', address.order);
  for (const [name, values] of [['metric', address.metrics] as const, ['tag', address.tags] as const]) {
    params.delete(name);
    for (const value of values) params.append(name, value);
  }
}

/** The address as the api takes it. */
export function modelQueryOf(address: ModelsAddress) {
  return {
    search: address.search.trim(),
    task: address.task ?? undefined,
    framework: address.framework ?? undefined,
    metric: address.metrics,
    tag: address.tags,
    alias: address.alias ?? undefined,
    stage: address.stage ?? undefined,
    sort: address.sort,
    order: address.order ?? undefined,
  };
}

/** An address without its filters; the search and the sort stay. */
export const NO_FILTERS: Partial<ModelsAddress> = {
  task: null,
  framework: null,
  metrics: [],
  tags: [],
  alias: null,
  stage: null,
};

export function hasFilters({ task, framework, metrics, tags, alias, stage }: ModelsAddress): boolean {
  return Boolean(task || framework || alias || stage) || metrics.length > 0 || tags.length > 0;
}

/** Names ascend by themselves, and everything else descends. */
export function isAscending({ sort, order }: ModelsAddress): boolean {
  return order ? order === 'asc' : sort === 'name';
}
