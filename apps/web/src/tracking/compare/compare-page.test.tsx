import { type CurvesWanted, projectRoutes, type RunSearch, type TrackedRun, trackingRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { visit } from '@/test-navigation';
import { fakeApi, renderPage } from '@/test-page';
import { PROJECT } from '@/test-project';
import { curvePoints, runPage, trackedRun } from '@/test-runs';
import { readRunsAddress } from '../list/runs-address';
import { compareHref, readCompareAddress } from './compare-address';
import { ComparePage } from './compare-page';

vi.mock('next/navigation', () => import('@/test-navigation'));
vi.mock('@mallo/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@mallo/client')>()),
  watchProject: () => () => undefined,
}));

const NO_SEARCH = readRunsAddress(new URLSearchParams());

function serve(runs: TrackedRun[]) {
  return fakeApi([
    [projectRoutes.list, () => [PROJECT]],
    [
      trackingRoutes.keys,
      ({ url }) => {
        const keys = url.searchParams.get('kind') === 'metrics' ? ['acc', 'loss'] : ['lr', 'seed'];
        return { keys, total: keys.length };
      },
    ],
    [trackingRoutes.search, () => runPage(runs)],
    [trackingRoutes.curves, ({ body }) => (body as CurvesWanted).curves.map((ref) => curvePoints(ref))],
  ]);
}
const two = [
  trackedRun({ params: { lr: '0.1', seed: '7' } }),
  trackedRun({ id: 'run_2', name: 'other', params: { lr: '0.2', seed: '7' } }),
];
const bodies = <T,>(calls: ReturnType<typeof serve>, path: string) =>
  calls.filter(({ url }) => url.pathname.endsWith(path)).map(({ body }) => body as T);

test('an address holds five hundred runs, or a search', () => {
  const runIds = Array.from({ length: 500 }, (_, index) => `run_${'x'.repeat(17)}${String(index).padStart(3, '0')}`);
  const href = compareHref('prj_1', { runIds, search: NO_SEARCH, metrics: ['val/acc'] });
  expect(href.length).toBeLessThan(13_000);
  expect(readCompareAddress(new URL(href, 'http://localhost').searchParams)).toEqual({
    runIds,
    search: { ...NO_SEARCH, columns: { metrics: ['val/acc'], params: [], tags: [] } },
    metrics: ['val/acc'],
  });
  const search = { ...NO_SEARCH, filter: 'metrics.acc > 1', statuses: ['failed' as const] };
  const params = new URL(compareHref('prj_1', { runIds: [], search, metrics: [] }), 'http://localhost').searchParams;
  expect(readCompareAddress(params)).toEqual({ runIds: [], search, metrics: [] });
});

test('draws the runs over each other, one chart a metric, and one question a chart', async () => {
  visit('/runs/compare?project=prj_1&m=acc&runs=1,2');
  const calls = serve(two);
  renderPage(<ComparePage />);
  await screen.findByRole('img', { name: /^acc: 2 curves/ });
  expect(bodies<RunSearch>(calls, '/search')[0]?.runIds).toEqual(['run_1', 'run_2']);
  expect(bodies<CurvesWanted>(calls, '/curves').map(({ curves }) => curves.length)).toEqual([2]);
});

test('says in what the runs differ, and all of it when asked', async () => {
  visit('/runs/compare?project=prj_1&m=acc&runs=1,2');
  serve(two);
  renderPage(<ComparePage />);
  const table = await screen.findByRole('table', { name: 'Where they differ' });
  await within(table).findByRole('columnheader', { name: 'lr' });
  expect(within(table).queryByRole('columnheader', { name: 'seed' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'All params (2)' }));
  await within(table).findByRole('columnheader', { name: 'seed' });
});

test('hides a run and shows it again', async () => {
  visit('/runs/compare?project=prj_1&m=acc&runs=1,2');
  serve(two);
  renderPage(<ComparePage />);
  await screen.findByRole('img', { name: /^acc: 2 curves/ });
  await userEvent.click(screen.getByRole('button', { name: 'Hide other' }));
  await screen.findByRole('img', { name: /^acc: 1 curve\./ });
  await userEvent.click(screen.getByRole('button', { name: 'Show other' }));
  await screen.findByRole('img', { name: /^acc: 2 curves/ });
});

test('takes the runs of a search, and metrics that they have where none was chosen', async () => {
  visit('/runs/compare?project=prj_1&status=failed');
  const calls = serve(two);
  renderPage(<ComparePage />);
  await screen.findByRole('img', { name: /^loss: 2 curves/ });
  expect(bodies<RunSearch>(calls, '/search')[0]).toMatchObject({ statuses: ['failed'], limit: 500 });
});
