import { type CurvesWanted, projectRoutes, trackingRoutes } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { type AskAhead, answersAhead } from '@/api/answers-ahead';
import { visit } from '@/test-navigation';
import { fakeApi, renderPage } from '@/test-page';
import { PROJECT } from '@/test-project';
import { curvePoints, metricSummary, runPage, trackedRun } from '@/test-runs';
import { askForCompared, askForRun, askForRuns } from './ahead';
import { ComparePage } from './compare/compare-page';
import { RunsPage } from './list/runs-page';
import { RunPage } from './run/run-page';

vi.mock('next/navigation', () => import('@/test-navigation'));
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ cookie: 'mallo_access=1', accept: 'text/html' }),
}));
vi.mock('@mallo/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@mallo/client')>()),
  watchProject: () => () => undefined,
  watchPresence: () => () => undefined,
}));

function serve() {
  return fakeApi([
    [projectRoutes.list, () => [PROJECT]],
    [trackingRoutes.experiments, () => []],
    [
      trackingRoutes.keys,
      ({ url }) => {
        const keys = url.searchParams.get('kind') === 'metrics' ? ['loss', 'acc', 'system/cpu'] : ['lr'];
        return { keys, total: keys.length };
      },
    ],
    [trackingRoutes.search, () => runPage([trackedRun(), trackedRun({ id: 'run_2', name: 'other' })])],
    [trackingRoutes.curves, ({ body }) => (body as CurvesWanted).curves.map((ref) => curvePoints(ref))],
    [
      trackingRoutes.run,
      () => ({ ...trackedRun({ metrics: {} }), projectId: 'prj_1', metricCount: 2, logLineCount: 0 }),
    ],
    [trackingRoutes.metrics, () => ({ metrics: ['acc', 'loss'].map((key) => metricSummary(key)), total: 2 })],
  ]);
}

beforeEach(() => {
  vi.stubEnv('API_URL', 'http://localhost');
  vi.stubEnv('TELEMETRY_URL', 'http://localhost');
});

/** What is asked ahead of a page, and then by the page. */
async function asksOf(
  address: string,
  ask: (ahead: AskAhead, params: URLSearchParams) => Promise<void>,
  page: ReactNode,
  isThere: () => Promise<unknown>,
) {
  visit(address, { runId: 'run_1' });
  const calls = serve();
  const take = () => calls.splice(0).map(({ url, body }) => `${url.pathname}${url.search} ${JSON.stringify(body)}`);
  await answersAhead((ahead) => ask(ahead, new URL(address, 'http://localhost').searchParams));
  const ahead = take();
  renderPage(page);
  await isThere();
  return { ahead, page: take() };
}

const paths = (asks: string[]) => asks.map((ask) => ask.replace(/[? ].*/, '').replace(/.*\//, '')).toSorted();

test.each(['', '&m=acc&status=failed&sort=metrics.acc&q=ott'])(
  'ahead of the runs asks what they ask (%s)',
  async (more) => {
    const isThere = () => screen.findByRole('table', { name: 'Runs' });
    const { ahead, page } = await asksOf(`/runs?project=prj_1${more}`, askForRuns, <RunsPage />, isThere);
    expect(paths(ahead)).toEqual([...(more ? [] : ['keys', 'keys']), 'experiments', 'search'].toSorted());
    expect(page).toEqual(expect.arrayContaining(ahead));
  },
);

test.each(['', '&m=acc&runs=1,2&x=time'])('ahead of a comparison asks what it asks (%s)', async (more) => {
  const isThere = () => screen.findByRole('img', { name: /^acc: 2 curves/ });
  const { ahead, page } = await asksOf(`/runs/compare?project=prj_1${more}`, askForCompared, <ComparePage />, isThere);
  expect(paths(ahead)).toEqual(more ? ['curves', 'search'] : ['curves', 'curves', 'keys', 'keys', 'search']);
  expect(page).toEqual(expect.arrayContaining(ahead));
});

test.each(['', '?m=loss&x=clock'])('ahead of a run asks what it asks (%s)', async (more) => {
  const isThere = () => screen.findByRole('img', { name: /^loss/ });
  const ask = (ahead: AskAhead, params: URLSearchParams) => askForRun(ahead, 'run_1', params);
  const { ahead, page } = await asksOf(`/runs/run_1${more}`, ask, <RunPage />, isThere);
  expect(paths(ahead)).toEqual([...(more ? ['curves'] : ['curves', 'curves']), 'metrics', 'record']);
  expect(page).toEqual(expect.arrayContaining(ahead));
});
