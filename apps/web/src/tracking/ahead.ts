import { trackingRoutes } from '@mallo/contracts';
import type { AskAhead } from '@/api/answers-ahead';
import { compareSearch, readCompareAddress } from './compare/compare-address';
import { readChartView } from './curves/chart-view';
import { curvesOf } from './curves/curves-request';
import { COMPARE_MAX, chooseColumns, namesRequest, searchRequest } from './list/run-requests';
import { readRunsAddress, searchOf } from './list/runs-address';
import { readRunAddress } from './run/run-address';
import { firstCharts, metricsRequest } from './run/run-requests';

/** So many charts are in sight at first. */
const IN_SIGHT = 6;

/** What the page of a project's runs asks. */
export async function askForRuns(ahead: AskAhead, params: URLSearchParams): Promise<void> {
  const projectId = params.get('project');
  // Else the browser knows which was chosen last.
  if (!projectId) return;
  const address = readRunsAddress(params);
  const search = async () => {
    const columns = address.columns ?? (await columnsOf(ahead, projectId));
    await ahead.pages(trackingRoutes.search, searchRequest(projectId, { ...searchOf(address), columns }));
  };
  await Promise.all([search(), ahead.route(trackingRoutes.experiments, { params: { projectId } })]);
}

/** What the page that compares runs asks. */
export async function askForCompared(ahead: AskAhead, params: URLSearchParams): Promise<void> {
  const projectId = params.get('project');
  if (!projectId) return;
  const address = readCompareAddress(params);
  const metrics = address.metrics.length > 0 ? address.metrics : (await columnsOf(ahead, projectId)).metrics;
  const wanted = { ...compareSearch(address), columns: { metrics, params: [], tags: [] } };
  const found = await ahead.pages(trackingRoutes.search, searchRequest(projectId, wanted, COMPARE_MAX));
  const runIds = (found?.runs ?? []).map(({ id }) => id).slice(0, COMPARE_MAX);
  await askForCharts(ahead, runIds, metrics, params);
}

/** What the page of a run asks. */
export async function askForRun(ahead: AskAhead, runId: string, params: URLSearchParams): Promise<void> {
  const charts = async () => {
    const first = await ahead.pages(trackingRoutes.metrics, metricsRequest(runId));
    const charted = readRunAddress(params).metrics ?? firstCharts(first?.metrics ?? []);
    await askForCharts(ahead, [runId], charted, params);
  };
  await Promise.all([charts(), ahead.route(trackingRoutes.run, { params: { runId } })]);
}

async function columnsOf(ahead: AskAhead, projectId: string) {
  const [metrics, params] = await Promise.all(
    (['metrics', 'params'] as const).map((kind) => ahead.route(trackingRoutes.keys, namesRequest(projectId, kind))),
  );
  return chooseColumns({ metrics: metrics?.keys ?? [], params: params?.keys ?? [] });
}

async function askForCharts(ahead: AskAhead, runIds: string[], metrics: string[], params: URLSearchParams) {
  if (runIds.length === 0) return;
  const { axis } = readChartView(params);
  await Promise.all(
    metrics
      .slice(0, IN_SIGHT)
      .map((metric) => ahead.route(trackingRoutes.curves, { body: curvesOf(runIds, metric, axis) })),
  );
}
