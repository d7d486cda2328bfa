import { trackingRoutes } from '@mallo/contracts';
import { useRoutePages } from '@/api/use-route-pages';
import { metricsRequest } from './run-requests';

/** The metrics of a run whose names hold a text, page by page; asked for once by all who want the same. */
export function useMetrics(runId: string, search = '') {
  return useRoutePages(trackingRoutes.metrics, metricsRequest(runId, search), (pages) => {
    const known = pages.reduce((sum, { metrics }) => sum + metrics.length, 0);
    const last = pages.at(-1);
    const after = last?.metrics.at(-1)?.key;
    return last && after !== undefined && known < last.total ? { after } : null;
  });
}
