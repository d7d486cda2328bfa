import type { RequestOf } from '@mallo/client';
import { type RunColumns, type RunSearch, trackingRoutes } from '@mallo/contracts';
import { ownMetrics } from '../own-metrics';

/** As many runs as can be compared. */
export const COMPARE_MAX = 500;
/** What is seen first comes first; whoever scrolls on wants much. */
export const FIRST_PAGE = 100;
/** So many columns are chosen where a person chose none. */
export const CHOSEN = { metrics: 4, params: 3 };

export type RunsWanted = Partial<Omit<RunSearch, 'limit' | 'cursor'>>;

/** The first of a search; the page and what is asked ahead of it ask alike. */
export function searchRequest(projectId: string, wanted: RunsWanted, limit = FIRST_PAGE) {
  return { params: { projectId }, body: { ...wanted, limit } } satisfies RequestOf<typeof trackingRoutes.search>;
}

/** The names that columns are chosen of. */
export function namesRequest(projectId: string, kind: 'metrics' | 'params') {
  return { params: { projectId }, query: { kind, limit: 50 } } satisfies RequestOf<typeof trackingRoutes.keys>;
}

/** The columns that a table has where a person chose none. */
export function chooseColumns(names: { metrics: string[]; params: string[] }): RunColumns {
  return {
    metrics: ownMetrics(names.metrics).slice(0, CHOSEN.metrics),
    params: names.params.slice(0, CHOSEN.params),
    tags: [],
  };
}
