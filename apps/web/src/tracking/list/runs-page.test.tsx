import type { ProjectWatcher } from '@mallo/client';
import { exportRoutes, projectRoutes, type RunPage, type RunSearch, trackingRoutes } from '@mallo/contracts';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { visit } from '@/test-navigation';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { PROJECT } from '@/test-project';
import { runPage, trackedRun } from '@/test-runs';
import { RunsPage } from './runs-page';

vi.mock('next/navigation', () => import('@/test-navigation'));

// The socket is the client's and tested there; here its watcher is told what to show.
let watcher: ProjectWatcher;
let told: string[][];
vi.mock('@mallo/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@mallo/client')>()),
  watchProject: (_client: unknown, _projectId: string, metrics: string[], given: ProjectWatcher) => {
    watcher = given;
    told.push(metrics);
    return () => undefined;
  },
}));

const KEYS = { metrics: ['acc', 'loss', 'system/cpu_percent'], params: ['lr'], tags: ['team'] };

function serve(find: (search: RunSearch) => RunPage | Refusal | Promise<RunPage>) {
  return fakeApi([
    [projectRoutes.list, () => [PROJECT]],
    [trackingRoutes.experiments, () => [{ id: '0', name: 'Default', runCount: 2, createdMs: 1, updatedMs: 2 }]],
    [
      trackingRoutes.keys,
      ({ url }) => {
        const all = KEYS[url.searchParams.get('kind') as keyof typeof KEYS];
        const keys = all.filter((key) => key.includes(url.searchParams.get('search') ?? ''));
        return { keys, total: keys.length };
      },
    ],
    [trackingRoutes.search, ({ body }) => find(body as RunSearch)],
    [exportRoutes.exportFound, () => new Refusal(507, 'server.disk_full')],
  ]);
}
const searches = (calls: ReturnType<typeof serve>) =>
  calls.filter(({ url }) => url.pathname.endsWith('/runs/search')).map(({ body }) => body as RunSearch);
const names = () => screen.getAllByRole('rowheader').flatMap(({ textContent }) => textContent || []);
const search = () => new URLSearchParams(window.location.search);

beforeEach(() => {
  told = [];
  visit('/runs?project=prj_1');
});

test('shows the way to a first run where there is none, with lines to copy', async () => {
  serve(() => runPage([]));
  renderPage(<RunsPage />);
  await screen.findByRole('heading', { name: 'No runs yet' });
  screen.getByText(/mlflow\.log_metric/);
  screen.getByText(/MLFLOW_TRACKING_URI=http/);
  expect(screen.getByRole('link', { name: 'Make a token' }).getAttribute('href')).toBe('/settings');
});

test('lists runs with their last metrics and params, those of the machine left out', async () => {
  const calls = serve(() => runPage([trackedRun({ metrics: { acc: { value: 'NaN', step: 1, timeMs: 1 } } })]));
  renderPage(<RunsPage />);
  const table = await screen.findByRole('table', { name: 'Runs' });
  const row = within(table).getByRole('row', { name: /brave-otter-1/ });
  expect(row.textContent).toContain('NaN');
  expect(row.textContent).toContain('2 min');
  expect(searches(calls)[0]?.columns).toEqual({ metrics: ['acc', 'loss'], params: ['lr'], tags: [] });
  expect(within(row).getByRole('link').getAttribute('href')).toBe('/runs/run_1');
  expect(told.at(-1)).toEqual(['acc', 'loss']);
});

test('takes a part of a name as one, and conditions as they are', async () => {
  const calls = serve(() => runPage([trackedRun()]));
  renderPage(<RunsPage />);
  const field = await screen.findByRole('searchbox', { name: 'Search runs' });
  await userEvent.type(field, "otter's");
  await expect.poll(() => searches(calls).at(-1)?.filter).toBe("attributes.run_name ILIKE '%otter''s%'");
  await userEvent.clear(field);
  await userEvent.type(field, 'metrics.acc > 0.9');
  await expect.poll(() => searches(calls).at(-1)?.filter).toBe('metrics.acc > 0.9');
  expect(search().get('q')).toBe('metrics.acc > 0.9');
});

test('says beside the words what is wrong with them, and keeps the runs of before', async () => {
  serve(({ filter }) => (filter ? new Refusal(400, 'run.search_invalid') : runPage([trackedRun()])));
  renderPage(<RunsPage />);
  await screen.findByRole('table');
  await userEvent.click(screen.getByRole('button', { name: 'How to search' }));
  await userEvent.click(await screen.findByRole('button', { name: /metrics\.val_accuracy > 0\.9/ }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('not understood');
  expect(names()).toEqual(['brave-otter-1']);
});

test('narrows by status, kind and experiment, sorts on the server, and keeps all of it in the address', async () => {
  const calls = serve(() => runPage([trackedRun()]));
  renderPage(<RunsPage />);
  await screen.findByRole('table');
  const filters = screen.getByRole('group', { name: 'Filters' });
  await userEvent.click(within(filters).getByRole('button', { name: 'Status' }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Failed' }));
  await userEvent.keyboard('{Escape}');
  await userEvent.click(screen.getByRole('button', { name: 'acc' }));
  await expect
    .poll(() => searches(calls).at(-1))
    .toMatchObject({ statuses: ['failed'], orderBy: ['metrics.acc DESC'] });
  expect(search().getAll('status')).toEqual(['failed']);
  expect(screen.getByRole('columnheader', { name: 'acc' }).getAttribute('aria-sort')).toBe('descending');
  await userEvent.click(screen.getByRole('button', { name: 'acc' }));
  await expect.poll(() => searches(calls).at(-1)?.orderBy).toEqual(['metrics.acc ASC']);
  await userEvent.click(screen.getByRole('button', { name: 'acc' }));
  await expect.poll(() => searches(calls).at(-1)?.orderBy).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Clear all' }));
  await expect.poll(() => searches(calls).at(-1)?.statuses).toEqual([]);
});

test('has a column for whatever was logged, found by its name', async () => {
  const calls = serve(() => runPage([trackedRun()]));
  renderPage(<RunsPage />);
  await screen.findByRole('table');
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Search names' }), 'cpu');
  await userEvent.click(await screen.findByRole('checkbox', { name: 'system/cpu_percent' }));
  await expect.poll(() => search().getAll('m')).toEqual(['acc', 'loss', 'system/cpu_percent']);
  await expect.poll(() => searches(calls).at(-1)?.columns.metrics).toContain('system/cpu_percent');
});

test('shows new points, other ends and new runs as they are pushed', async () => {
  let runs = [trackedRun({ status: 'running', endedMs: null })];
  const calls = serve(({ cursor }) => (cursor ? runPage([]) : runPage(runs, { nextCursor: 'more', total: 900 })));
  renderPage(<RunsPage />);
  await screen.findByRole('table');
  const asked = searches(calls).length;
  const push = (change: object) =>
    act(() =>
      watcher.onRuns([{ id: 'run_1', status: 'running', changed: false, logged: false, metrics: {}, ...change }]),
    );
  push({ metrics: { loss: { value: 0.125, step: 10, timeMs: 3 } } });
  await screen.findByText('0.125');
  expect(searches(calls)).toHaveLength(asked);
  runs = [trackedRun({ id: 'run_2', name: 'new-one' })];
  push({ id: 'run_2', changed: true });
  await screen.findByText('new-one');
  expect(names()).toEqual(['new-one', 'brave-otter-1']);
});

test('asks for what was missed once the connection is back', async () => {
  const calls = serve(() => runPage([trackedRun()]));
  renderPage(<RunsPage />);
  await screen.findByRole('table');
  const asked = searches(calls).length;
  act(() => {
    watcher.onLink?.('live');
    watcher.onJoined();
  });
  await expect.poll(() => searches(calls).length).toBe(asked + 1);
  expect(screen.getByTestId('link-state').textContent).toBe('Live');
});

test('holds only the cells that are in sight, and asks for more as the end comes near', async () => {
  const all = Array.from({ length: 3000 }, (_, index) => trackedRun({ id: `run_${index}`, name: `run ${index}` }));
  const calls = serve(({ cursor, limit }) => {
    const from = Number(cursor ?? 0);
    const next = from + limit;
    return runPage(all.slice(from, next), { total: all.length, nextCursor: next < all.length ? String(next) : null });
  });
  renderPage(<RunsPage />);
  const table = await screen.findByRole('table');
  expect(table.getAttribute('aria-rowcount')).toBe('3001');
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
  const scroller = table.parentElement as HTMLElement;
  for (const top of [3500, 40_000, 119_000]) {
    scroller.scrollTop = top;
    scroller.dispatchEvent(new Event('scroll'));
    await screen.findByText(`run ${Math.floor(top / 40)}`);
  }
  expect(searches(calls).map(({ cursor, limit }) => [cursor, limit])).toEqual([
    [undefined, 100],
    ['100', 1000],
    ['1100', 1000],
    ['2100', 1000],
  ]);
});

test('compares the runs that were chosen', async () => {
  serve(() => runPage([trackedRun(), trackedRun({ id: 'run_2', name: 'other' })]));
  renderPage(<RunsPage />);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose other' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Choose brave-otter-1' }));
  const tray = screen.getByRole('region', { name: 'Chosen runs' });
  expect(within(tray).getByRole('link', { name: 'Compare' }).getAttribute('href')).toBe(
    '/runs/compare?project=prj_1&m=acc&m=loss&runs=2%2C1',
  );
});

test('exports what the filter finds, or the runs that are chosen', async () => {
  const calls = serve(() => runPage([trackedRun(), trackedRun({ id: 'run_2', name: 'calm-owl-2' })]));
  visit('/runs?project=prj_1&q=metrics.acc+%3E+0.9&status=completed');
  renderPage(<RunsPage />);
  const asked = () =>
    calls.filter(({ url }) => url.pathname.endsWith('/runs/export')).map(({ url, body }) => [url.search, body]);
  await userEvent.click(await screen.findByRole('button', { name: 'Export 2 runs' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Points as Parquet' }));
  await screen.findByRole('button', { name: 'Export 2 runs' });
  const any = { experimentIds: [], kinds: [], statuses: [], filter: '', runIds: [] };
  expect(asked()).toEqual([
    ['?what=points&format=parquet', { ...any, statuses: ['completed'], filter: 'metrics.acc > 0.9' }],
  ]);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Choose calm-owl-2' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Export 1 run' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Params as CSV' }));
  await expect.poll(asked).toHaveLength(2);
  expect(asked()[1]).toEqual(['?what=params&format=csv', { ...any, runIds: ['run_2'] }]);
});
