import type { LastPoint, RunColumns, TrackedRun } from '@mallo/contracts';
import { asJson } from '../points/batch.js';
import { EXPERIMENT_ID_SQL } from './run-fields.js';

/** A run without what it logged. */
export type RunRow = Omit<TrackedRun, 'metrics' | 'params' | 'tags'> & { projectId: string };
export type KeyedText = { runId: string; key: string; value: string };
export type LatestPoint = { runId: string; key: string; step: number; timeMs: number; value: number };

export const RUN_COLUMNS_SQL = `runs.run_id as id, runs.kind, runs.name, runs.project_id as "projectId",
  ${EXPERIMENT_ID_SQL} as "experimentId", experiments.name as "experimentName", runs.status, runs.user_name as "user",
  runs.started_ms as "startedMs", runs.ended_ms as "endedMs"`;

export const RUNS_SQL = 'telemetry.runs join telemetry.experiments on experiments.experiment_id = runs.experiment_id';

function asLastPoint({ value, step, timeMs }: LatestPoint): LastPoint {
  return { value: asJson(value), step, timeMs };
}

/** What of the logged values is wanted of each run. */
export type Logged = { [K in keyof RunColumns]: K extends 'metrics' ? LatestPoint[] : KeyedText[] };

/** Puts what runs logged to the runs, in the order of the runs. */
export function withLogged(rows: RunRow[], logged: Logged): (TrackedRun & { projectId: string })[] {
  const runs = rows.map((row) => ({ ...row, metrics: emptyRecord(), params: emptyRecord(), tags: emptyRecord() }));
  const byId = new Map(runs.map((run) => [run.id, run as TrackedRun & { projectId: string }]));
  for (const point of logged.metrics) put(byId.get(point.runId)?.metrics, point.key, asLastPoint(point));
  for (const { runId, key, value } of logged.params) put(byId.get(runId)?.params, key, value);
  for (const { runId, key, value } of logged.tags) put(byId.get(runId)?.tags, key, value);
  return [...byId.values()];
}

/** Keys are anybody's, `__proto__` too, so a record of them has no prototype. */
function emptyRecord(): Record<string, never> {
  return Object.create(null) as Record<string, never>;
}

function put<T>(record: Record<string, T> | undefined, key: string, value: T): void {
  if (record) record[key] = value;
}
