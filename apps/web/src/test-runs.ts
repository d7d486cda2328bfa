import type { CurvePoints, MetricSummary, RunPage, TrackedRun } from '@mallo/contracts';

/** Runs as the tracking service tells of them, for tests. */
export function trackedRun(change: Partial<TrackedRun> = {}): TrackedRun {
  return {
    id: 'run_1',
    kind: 'logged',
    name: 'brave-otter-1',
    experimentId: '0',
    experimentName: 'Default',
    status: 'completed',
    user: 'kim',
    startedMs: Date.parse('2026-01-02T03:04:05.000Z'),
    endedMs: Date.parse('2026-01-02T03:06:05.000Z'),
    metrics: { loss: { value: 0.25, step: 9, timeMs: 1000 } },
    params: { lr: '0.1' },
    tags: {},
    ...change,
  };
}

/** A page of all of these runs. */
export function runPage(runs: TrackedRun[], change: Partial<RunPage> = {}): RunPage {
  return { runs, total: runs.length, nextCursor: null, ...change };
}

export function curvePoints(change: Partial<CurvePoints> = {}): CurvePoints {
  return { runId: 'run_1', key: 'loss', total: 2, steps: [1, 2], timesMs: [1000, 2000], values: [1, 0.5], ...change };
}

export function metricSummary(key: string, change: Partial<MetricSummary> = {}): MetricSummary {
  return { key, count: 2, last: { value: 0.5, step: 2, timeMs: 2000 }, min: 0.5, max: 1, ...change };
}
