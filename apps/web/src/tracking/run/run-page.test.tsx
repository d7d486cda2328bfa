import type { PresenceWatcher, ProjectWatcher } from '@mallo/client';
import { type CurvesWanted, type LogLines, type RouteOutput, runRoutes, trackingRoutes } from '@mallo/contracts';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { visit } from '@/test-navigation';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { curvePoints, metricSummary, trackedRun } from '@/test-runs';
import { RunPage } from './run-page';

vi.mock('next/navigation', () => import('@/test-navigation'));

// The sockets are the client's and tested there; here their watchers are told what to show.
let watcher: ProjectWatcher;
let presence: PresenceWatcher;
vi.mock('@mallo/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@mallo/client')>()),
  watchProject: (_client: unknown, _projectId: string, _metrics: string[], given: ProjectWatcher) => {
    watcher = given;
    return () => undefined;
  },
  watchPresence: (_client: unknown, _runId: string, given: PresenceWatcher) => {
    presence = given;
    return () => undefined;
  },
}));

type Record = RouteOutput<typeof trackingRoutes.run>;
const KEYS = Array.from({ length: 12_000 }, (_, index) => `layer${String(index).padStart(5, '0')}/norm`);

function serve(
  options: {
    record?: () => Partial<Record> | Refusal;
    keys?: string[];
    lines?: (from: number, search: string, before: number | null) => LogLines;
  } = {},
) {
  const { keys = ['acc', 'loss', 'system/cpu_percent'] } = options;
  return fakeApi([
    [
      trackingRoutes.run,
      () => {
        const change = options.record?.() ?? {};
        if (change instanceof Refusal) return change;
        return {
          ...trackedRun({ metrics: {} }),
          projectId: 'prj_1',
          metricCount: keys.length,
          logLineCount: 0,
          ...change,
        };
      },
    ],
    [
      trackingRoutes.metrics,
      ({ url: { searchParams: query } }) => {
        const found = keys.filter((key) => key.includes(query.get('search') ?? ''));
        const from = found.findIndex((key) => key > (query.get('after') ?? ''));
        const page = from === -1 ? [] : found.slice(from, from + Number(query.get('limit')));
        return { metrics: page.map((key) => metricSummary(key)), total: found.length };
      },
    ],
    [
      trackingRoutes.curves,
      ({ body }) => (body as CurvesWanted).curves.map((ref) => curvePoints({ ...ref, values: [1, 'NaN'] })),
    ],
    [
      trackingRoutes.logs,
      ({ url: { searchParams: query } }) =>
        options.lines?.(
          Number(query.get('from') ?? 1),
          query.get('search') ?? '',
          query.has('before') ? Number(query.get('before')) : null,
        ) ?? { total: 0, lines: [] },
    ],
    [runRoutes.get, () => new Refusal(404, 'run.not_found')],
  ]);
}
const search = () => new URLSearchParams(window.location.search);
const charts = () => screen.queryAllByTestId('metric-chart').map(({ dataset }) => dataset.metric);

beforeEach(() => visit('/runs/run_1', { runId: 'run_1' }));

test('shows what a run is, and charts of its own metrics first', async () => {
  serve();
  renderPage(<RunPage />);
  await screen.findByRole('heading', { name: 'brave-otter-1' });
  expect(screen.getByTestId('run-status').dataset.status).toBe('completed');
  await expect.poll(charts).toEqual(['acc', 'loss']);
  await screen.findByRole('img', { name: /^acc: 1 curve/ });
});

test('says the same in figures, what is no number in words', async () => {
  serve();
  renderPage(<RunPage />);
  const chart = (await screen.findByRole('img', { name: /^loss/ })).closest('figure') as HTMLElement;
  await userEvent.click(within(chart).getByRole('button', { name: 'As table' }));
  const rows = within(chart).getAllByRole('row');
  expect(rows.map(({ textContent }) => textContent)).toEqual(['Placebrave-otter-1', 'step 11', 'step 2NaN']);
});

test('lists twelve thousand metrics, of which only those in sight are there, and finds one by its name', async () => {
  const calls = serve({ keys: KEYS });
  renderPage(<RunPage />);
  await screen.findByText('12,000 metrics, 6 charts');
  const list = screen.getByRole('list', { name: 'Metrics' });
  expect(within(list).getAllByRole('listitem').length).toBeLessThan(60);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search metrics' }), 'layer11999');
  await userEvent.click(await within(list).findByRole('checkbox', { name: /layer11999/ }));
  await expect.poll(charts).toContain('layer11999/norm');
  expect(search().getAll('m')).toHaveLength(7);
  expect(calls.filter(({ url }) => url.pathname.endsWith('/metrics')).length).toBeLessThan(5);
});

test('shows new points as they are pushed, and asks for those between', async () => {
  const calls = serve();
  renderPage(<RunPage />);
  const chart = (await screen.findByRole('img', { name: /^loss/ })).closest('figure') as HTMLElement;
  await userEvent.click(within(chart).getByRole('button', { name: 'As table' }));
  const curves = () =>
    calls.filter(({ url }) => url.pathname.endsWith('/curves')).map(({ body }) => body as CurvesWanted);
  const before = curves().length;
  const metrics = { loss: { value: 0.125, step: 7, timeMs: 9000 } };
  act(() => watcher.onRuns([{ id: 'run_1', status: 'completed', changed: false, logged: false, metrics }]));
  await expect.poll(() => curves().length).toBe(before + 1);
  expect(curves().at(-1)).toMatchObject({ curves: [{ runId: 'run_1', key: 'loss' }], from: 2 });
  const list = screen.getByRole('list', { name: 'Metrics' });
  await within(list).findByText('0.125');
});

test('keeps in the address how the charts are shown', async () => {
  const calls = serve();
  renderPage(<RunPage />);
  await screen.findByRole('img', { name: /^loss/ });
  await userEvent.click(screen.getByRole('radio', { name: 'Time' }));
  await userEvent.click(screen.getByRole('button', { name: 'log y' }));
  await expect.poll(() => search().toString()).toBe('x=time&logy=true');
  await expect
    .poll(() =>
      calls.filter(({ url }) => url.pathname.endsWith('/curves')).map(({ body }) => (body as CurvesWanted).axis),
    )
    .toContain('time');
});

test('looks closer by keyboard, and asks the server for the stretch', async () => {
  const calls = serve();
  renderPage(<RunPage />);
  const chart = await screen.findByRole('img', { name: /^loss/ });
  chart.focus();
  await userEvent.keyboard('+');
  await expect
    .poll(() => calls.map(({ body }) => body as CurvesWanted | undefined).findLast((body) => body?.from !== undefined))
    .toMatchObject({ curves: [{ key: 'loss' }], from: 1, to: 2 });
  await userEvent.click(screen.getByRole('button', { name: 'All of it' }));
  expect(screen.queryByRole('button', { name: 'All of it' })).toBeNull();
});

test('shows a log of a million lines, walks through what is looked for, and marks error output', async () => {
  const total = 1_000_000;
  const line = (number: number) => ({
    number,
    stream: number === 900_000 ? ('stderr' as const) : ('stdout' as const),
    timeMs: number,
    line: number % 300_000 === 0 ? `Boom ${number}` : `line ${number}`,
  });
  const calls = serve({
    record: () => ({ logLineCount: total }),
    lines: (from, sought) =>
      sought
        ? { total, lines: [300_000, 600_000, 900_000].filter((number) => number >= from).map(line) }
        : { total, lines: Array.from({ length: Math.min(500, total - from + 1) }, (_, index) => line(from + index)) },
  });
  visit('/runs/run_1?tab=logs', { runId: 'run_1' });
  renderPage(<RunPage />);
  await screen.findByText('line 1');
  await screen.findByText('1,000,000 lines');
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'boom');
  await screen.findByText('1 of 3');
  await screen.findByText(/^ 300000$/, { normalizer: String });
  await userEvent.keyboard('{Enter}');
  await screen.findByText('2 of 3');
  await userEvent.click(screen.getByRole('button', { name: 'Next match' }));
  await screen.findByText('3 of 3');
  expect((await screen.findByText('Error output:')).parentElement?.textContent).toBe('Error output:Boom 900000');
  await userEvent.click(screen.getByRole('button', { name: 'Previous match' }));
  await screen.findByText('2 of 3');
  expect(calls.filter(({ url }) => url.pathname.endsWith('/logs')).length).toBeLessThan(20);
});

test('walks to matches that are not here yet, forward, back, and round again', async () => {
  const total = 1_000_000;
  const every = 100;
  const line = (number: number) => ({ number, stream: 'stdout' as const, timeMs: 1, line: `line ${number}` });
  const matches = Array.from({ length: total / every }, (_, index) => line((index + 1) * every));
  serve({
    record: () => ({ logLineCount: total }),
    lines: (from, sought, before) => {
      if (!sought)
        return { total, lines: Array.from({ length: Math.min(500, total - from + 1) }, (_, n) => line(from + n)) };
      if (before !== null) return { total, lines: matches.filter(({ number }) => number < before).slice(-1) };
      return { total, lines: matches.filter(({ number }) => number >= from).slice(0, 1000) };
    },
  });
  visit('/runs/run_1?tab=logs', { runId: 'run_1' });
  renderPage(<RunPage />);
  await screen.findByText('1,000,000 lines');
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search the log' }), '00');
  await screen.findByText('1 of 1,000+');
  const shown = (number: number) =>
    waitFor(() => {
      const row = screen.getByRole('button', { name: `Line ${number}` }).closest('li');
      expect(row?.getAttribute('aria-current')).toBe('true');
    });
  for (const [name, number] of [
    ['Previous match', 1_000_000],
    ['Previous match', 999_900],
    ['Next match', 1_000_000],
    ['Next match', 100],
    ['Next match', 200],
  ] as const) {
    await userEvent.click(screen.getByRole('button', { name }));
    await shown(number);
  }
  expect(screen.getByText('2 of 1,000+')).toBeTruthy();
});

test('goes to the first match from what is seen on, also where there are many before it', async () => {
  const total = 1_000_000;
  const line = (number: number) => ({ number, stream: 'stdout' as const, timeMs: 1, line: `line ${number}` });
  const calls = serve({
    record: () => ({ logLineCount: total }),
    // Every line holds what is looked for.
    lines: (from) => ({
      total,
      lines: Array.from({ length: Math.min(1000, total - from + 1) }, (_, nth) => line(from + nth)),
    }),
  });
  visit('/runs/run_1?tab=logs', { runId: 'run_1' });
  renderPage(<RunPage />);
  await screen.findByText('1,000,000 lines');
  screen.getByRole('region', { name: 'Log lines' }).scrollTop = 8_000_000;
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'line');
  await screen.findByText('after the first 1,000');
  await waitFor(() => {
    const row = screen.getByRole('button', { name: 'Line 500001' }).closest('li');
    expect(row?.getAttribute('aria-current')).toBe('true');
  });
  expect(calls.filter(({ url }) => url.searchParams.get('search') === 'line')).toHaveLength(2);
});

test('follows the log as it is said to grow, and says who else watches', async () => {
  let total = 3;
  serve({
    record: () => ({ status: 'running', endedMs: null }),
    lines: (from) => ({
      total,
      lines: Array.from({ length: Math.max(0, total - from + 1) }, (_, index) => ({
        number: from + index,
        stream: 'stdout',
        timeMs: 1,
        line: `line ${from + index}`,
      })),
    }),
  });
  visit('/runs/run_1?tab=logs', { runId: 'run_1' });
  renderPage(<RunPage />);
  await screen.findByText('line 3');
  total = 2000;
  act(() => {
    watcher.onRuns([{ id: 'run_1', status: 'running', changed: false, logged: true, metrics: {} }]);
    presence.onPresence(3);
  });
  await screen.findByText('line 2000');
  expect(screen.getByTestId('watchers').textContent).toBe('3 watching');
});

test('says of a run that ended because nothing came that it did', async () => {
  serve({ record: () => ({ tags: { 'mallo.ended': 'quiet' } }) });
  renderPage(<RunPage />);
  await screen.findByText(/Nothing came for 10 minutes/);
});

test('shows params and tags', async () => {
  serve({ record: () => ({ tags: { team: 'vision' } }) });
  visit('/runs/run_1?tab=details', { runId: 'run_1' });
  renderPage(<RunPage />);
  expect((await screen.findByText('lr')).nextElementSibling?.textContent).toBe('0.1');
  screen.getByText('vision');
});

test('says that there is no such run', async () => {
  serve({ record: () => new Refusal(404, 'run.not_found') });
  renderPage(<RunPage />);
  expect((await screen.findByRole('alert')).textContent).toContain('no such run');
});
