import type { RequestOf } from '@mallo/client';
import type { MetricSummary, trackingRoutes } from '@mallo/contracts';
import { EPOCH_KEY } from '../curves/drawn-runs';
import { ownMetrics } from '../own-metrics';

const PAGE_SIZE = 200;
/** So many charts are there before anybody chose. */
const FIRST_CHARTS = 6;

/** The first metrics of a run whose names hold a text; the page and what is asked ahead of it ask alike. */
export function metricsRequest(runId: string, search = '') {
  const query = { search: search.trim(), limit: PAGE_SIZE };
  return { params: { runId }, query } satisfies RequestOf<typeof trackingRoutes.metrics>;
}

/** The training's own metrics before those of the machine; epochs are an axis. */
export function firstCharts(metrics: readonly MetricSummary[]): string[] {
  const keys = metrics.map(({ key }) => key).filter((key) => key !== EPOCH_KEY.logged);
  const own = ownMetrics(keys);
  return (own.length > 0 ? own : keys).slice(0, FIRST_CHARTS);
}
