import { namesIn } from '../names-in-address';

/** What a run's page shows, as its address has it. */
export type RunAddress = {
  tab: (typeof TABS)[number];
  /** Metrics that have a chart; null: the first ones, as the page chooses. */
  metrics: string[] | null;
};

export const TABS = ['charts', 'logs', 'artifacts', 'details'] as const;
/** More charts are not seen at once. */
export const MOST_CHARTS = 100;

export function readRunAddress(params: URLSearchParams): RunAddress {
  const metrics = namesIn(params, 'm', MOST_CHARTS);
  return {
    tab: TABS.find((tab) => tab === params.get('tab')) ?? 'charts',
    metrics: metrics.length > 0 || params.get('charts') === 'none' ? metrics : null,
  };
}

export function writeRunAddress({ tab, metrics }: RunAddress, params: URLSearchParams): void {
  params.delete('m');
  for (const key of metrics ?? []) params.append('m', key);
  if (metrics?.length === 0) params.set('charts', 'none');
  else params.delete('charts');
  if (tab === 'charts') params.delete('tab');
  else params.set('tab', tab);
}
