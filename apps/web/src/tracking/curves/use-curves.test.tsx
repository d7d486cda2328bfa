import { type LastPoint, trackingRoutes } from '@mallo/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { fakeApi } from '@/test-page';
import { curvePoints } from '@/test-runs';
import type { FeedListener } from '../live/use-project-feed';
import { useCurves } from './use-curves';

const WANTED = { curves: [{ runId: 'run_1', key: 'loss' }], maxPoints: 1500, axis: 'step' as const };
const LONG = curvePoints({ steps: [1, 100_000], timesMs: [1, 100_000], values: [1, 0.5] });

async function watched() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  const calls = fakeApi([[trackingRoutes.curves, () => [LONG]]]);
  let listener: FeedListener = {};
  const feed = {
    listen: (given: FeedListener) => {
      listener = given;
      return () => undefined;
    },
  };
  const queryClient = new QueryClient();
  const { result } = renderHook(() => useCurves(WANTED, feed), {
    wrapper: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  return {
    calls,
    push: (loss: LastPoint) =>
      act(() =>
        listener.onRuns?.([{ id: 'run_1', status: 'running', changed: false, logged: false, metrics: { loss } }]),
      ),
    pass: (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms)),
    last: () => result.current.data?.[0]?.steps.at(-1),
  };
}

test('a point that would not be seen waits for the others of its moment', async () => {
  const { push, pass, last } = await watched();
  push({ value: 0.4, step: 100_001, timeMs: 100_001 });
  push({ value: 0.4, step: 100_002, timeMs: 100_002 });
  expect(last()).toBe(100_000);
  await pass(3000);
  expect(last()).toBe(100_002);
});

test('a point that is seen is there at once', async () => {
  const { push, pass, last } = await watched();
  expect(last()).toBe(100_000);
  push({ value: 0.4, step: 100_600, timeMs: 100_600 });
  await pass(1);
  expect(last()).toBe(100_600);
});

test('gaps that are hardly seen are filled five times more seldom, and are filled', async () => {
  const { calls, push, pass } = await watched();
  push({ value: 0.4, step: 100_500, timeMs: 100_500 });
  await pass(7000);
  expect(calls).toHaveLength(1);
  await pass(2000);
  expect(calls).toHaveLength(2);
});
