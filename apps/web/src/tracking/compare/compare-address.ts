import type { RunSearch } from '@mallo/contracts';
import { COMPARE_MAX } from '../list/run-requests';
import { type RunsAddress, readRunsAddress, searchOf, writeRunsAddress } from '../list/runs-address';
import { namesIn } from '../names-in-address';

/** What the page that compares shows, as its address has it: runs by name, or those of a search. */
export type CompareAddress = { runIds: string[]; search: RunsAddress; metrics: string[] };

const PREFIX = 'run_';
/** More charts are not seen at once. */
const MOST_METRICS = 60;

export function readCompareAddress(params: URLSearchParams): CompareAddress {
  const ids = (params.get('runs') ?? '').split(',').filter((id) => /^([a-z]+_)?[0-9A-Za-z]{1,40}$/.test(id));
  return {
    // Five hundred ids are a long address: what all of them begin with is left out of it.
    runIds: [...new Set(ids.map((id) => (id.includes('_') ? id : PREFIX + id)))].slice(0, COMPARE_MAX),
    search: readRunsAddress(params),
    metrics: namesIn(params, 'm', MOST_METRICS),
  };
}

export function writeCompareAddress({ runIds, search, metrics }: CompareAddress, params: URLSearchParams): void {
  writeRunsAddress({ ...search, columns: { metrics, params: [], tags: [] } }, params);
  if (metrics.length === 0) params.delete('columns');
  if (runIds.length === 0) params.delete('runs');
  else params.set('runs', runIds.map((id) => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id)).join(','));
}

export function compareHref(projectId: string, address: CompareAddress): string {
  const params = new URLSearchParams({ project: projectId });
  writeCompareAddress(address, params);
  return `/runs/compare?${params}`;
}

/** The runs to compare as the server takes them; the newest where there are too many. */
export function compareSearch({ runIds, search }: CompareAddress): Partial<RunSearch> {
  if (runIds.length > 0) return { runIds };
  return searchOf(search);
}
