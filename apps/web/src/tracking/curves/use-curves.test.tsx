import { type CurvesWanted, type LastPoint, trackingRoutes } from '@mallo/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { fakeApi } from '@/test-page';
import { curvePoints } from '@/test-runs';
import type { FeedListener } from '../live/use-project-feed';
import { useCurves } from './use-curves';

const LONG = { steps: [1, 100_000], timesMs: [1, 100_000], values: [1, 0.5] };

/** Charts of these metrics on one page, each of a curve of run_1. */
async function watched(metrics = ['loss'], { joinsFirst = false } = {}) {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    shouldAdvanceTime: true,
  });
  const calls = fakeApi([
    [
      trackingRoutes.curves,
      ({ body }) => (body as CurvesWanted).curves.map((ref) => ({ ...curvePoints(LONG), ...ref })),
    ],
  ]);
  const listeners: FeedListener[] = [];
  const feed = {
    listen: (listener: FeedListener) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
  const queryClient = new QueryClient();
  const charts = metrics.map((key) =>
    renderHook(() => useCurves({ curves: [{ runId: 'run_1', key }], maxPoints: 1500, axis: 'step' }, feed), {
      wrapper: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
    }),
  );
  const join = () => act(async () => listeners.map(({ onMissed }) => onMissed?.()));
  if (joinsFirst) await join();
  await waitFor(() => expect(charts.every(({ result }) => result.current.isSuccess)).toBe(true));
  return {
    calls,
    /** Every metric has this as its last point now. */
    push: (last: LastPoint) =>
      act(() => {
        const told = Object.fromEntries(metrics.map((key) => [key, last]));
        for (const { onRuns } of listeners)
          onRuns?.([{ id: 'run_1', status: 'running', changed: false, logged: false, metrics: told }]);
      }),
    join,
    pass: (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms)),
    last: () => charts[0]?.result.current.data?.[0]?.steps.at(-1),
  };
}

test('a point that would not be seen waits for the others of its moment', async () => {
  const { push, pass, last } = await watched();
  push({ value: 0.4, step: 100_001, timeMs: 100_001 });
  push({ value: 0.4, step: 100_002, timeMs: 100_002 });
  expect(last()).toBe(100_000);
  await pass(3010);
  expect(last()).toBe(100_002);
});

test('a point that is seen is there at once', async () => {
  const { push, pass, last } = await watched();
  expect(last()).toBe(100_000);
  push({ value: 0.4, step: 100_600, timeMs: 100_600 });
  await pass(1);
  expect(last()).toBe(100_600);
});

test('gaps that are hardly seen are filled ten times more seldom, and are filled', async () => {
  const { calls, push, pass } = await watched();
  push({ value: 0.4, step: 100_500, timeMs: 100_500 });
  await pass(9000);
  expect(calls).toHaveLength(1);
  await pass(1500);
  expect(calls).toHaveLength(2);
});

test('gaps that are seen are filled within a second, those of all charts of the page at once', async () => {
  const { calls, push, pass } = await watched(['loss', 'accuracy']);
  expect(calls).toHaveLength(2);
  push({ value: 0.4, step: 200_000, timeMs: 200_000 });
  await pass(1010);
  expect(calls).toHaveLength(3);
  expect(calls[2]?.body).toMatchObject({
    from: 100_000,
    curves: [
      { runId: 'run_1', key: 'loss' },
      { runId: 'run_1', key: 'accuracy' },
    ],
  });
});

test('what came before points were pushed is asked for from the last point that is there', async () => {
  const { calls, join } = await watched(['loss', 'accuracy']);
  await join();
  expect(calls).toHaveLength(3);
  expect(calls[2]?.body).toMatchObject({ curves: [{ key: 'loss' }, { key: 'accuracy' }], from: 100_000 });
});

test('what came before points were pushed is asked for also where the curve was not there yet', async () => {
  const { calls } = await watched(['loss'], { joinsFirst: true });
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.body).toMatchObject({ from: 100_000 });
});
