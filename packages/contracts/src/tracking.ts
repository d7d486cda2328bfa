import { z } from 'zod';
import { Id } from './identity.js';
import { MetricKey, MetricValue } from './live.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { RunId, RunParams, RunStatus } from './runs.js';

/**
 * What is logged of runs, whoever ran them: `training` is a run of Mallo's own workflow, `logged` one that a program
 * logs by itself (the MLflow dialect, OTLP). Times are epoch milliseconds.
 */
export const RunKind = z.enum(['training', 'logged']);
export type RunKind = z.infer<typeof RunKind>;

/** MLflow's ids are digits; `0` is the project's own `Default`, which always exists. */
export const ExperimentId = z.string().regex(/^\d{1,20}$/);

export const Experiment = z.strictObject({
  id: ExperimentId,
  name: z.string(),
  runCount: z.int(),
  createdMs: z.int(),
  /** When a run of it was last begun or changed. */
  updatedMs: z.int(),
});
export type Experiment = z.infer<typeof Experiment>;

/** Where a curve stands. */
export const LastPoint = z.strictObject({ value: MetricValue, step: z.int(), timeMs: z.int() });
export type LastPoint = z.infer<typeof LastPoint>;

/** A run with what was asked for of its metrics, params and tags. */
export const TrackedRun = z.strictObject({
  id: RunId,
  kind: RunKind,
  name: z.string(),
  experimentId: ExperimentId,
  experimentName: z.string(),
  status: RunStatus,
  /** Whoever logged it, as the program said (`mlflow.user`) or the owner's name. */
  user: z.string(),
  startedMs: z.int().nullable(),
  endedMs: z.int().nullable(),
  metrics: z.record(z.string(), LastPoint),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
});
export type TrackedRun = z.infer<typeof TrackedRun>;

const Keys = z.array(z.string().min(1).max(250)).max(200).default([]);

export const RunColumns = z.strictObject({ metrics: Keys, params: Keys, tags: Keys });
export type RunColumns = z.infer<typeof RunColumns>;

export const RunSearch = z.strictObject({
  /** None: all of the project. */
  experimentIds: z.array(ExperimentId).max(100).default([]),
  /** None: all of the search. */
  runIds: z.array(RunId).max(1000).default([]),
  /** None: any. The filter's own words have no list of statuses, and no kinds. */
  statuses: z.array(RunStatus).default([]),
  kinds: z.array(RunKind).default([]),
  /** In MLflow's words: `metrics.acc > 0.9 and params.model LIKE '%50' and attributes.status = 'FINISHED'`. */
  filter: z.string().max(10_000).default(''),
  /** In MLflow's words: `metrics.acc DESC`. Then the newest first. */
  orderBy: z.array(z.string().max(300)).max(10).default([]),
  columns: RunColumns.default({ metrics: [], params: [], tags: [] }),
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(20_000).optional(),
});
export type RunSearch = z.infer<typeof RunSearch>;

/** Which runs are looked for, whatever their order. */
export const RunCondition = RunSearch.pick({
  experimentIds: true,
  runIds: true,
  statuses: true,
  kinds: true,
  filter: true,
});
export type RunCondition = z.infer<typeof RunCondition>;

export const RunPage = z.strictObject({
  runs: z.array(TrackedRun),
  /** Of the whole search. */
  total: z.int(),
  nextCursor: z.string().nullable(),
});
export type RunPage = z.infer<typeof RunPage>;

/** A run's curve without its points. */
export const MetricSummary = z.strictObject({
  key: z.string(),
  count: z.int(),
  last: LastPoint,
  /** Of the finite values; null where there are none. */
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type MetricSummary = z.infer<typeof MetricSummary>;

export const CurveRef = z.strictObject({ runId: RunId, key: MetricKey });
export type CurveRef = z.infer<typeof CurveRef>;

export const CurvesWanted = z.strictObject({
  curves: z.array(CurveRef).min(1).max(1000),
  /** Of each curve at most so many points, its ends and its extremes among them. */
  maxPoints: z.int().min(10).max(10_000).default(1000),
  /** What `from` and `to` count in, and by what the curve is thinned. */
  axis: z.enum(['step', 'time']).default('step'),
  from: z.int().optional(),
  to: z.int().optional(),
});
export type CurvesWanted = z.infer<typeof CurvesWanted>;

export const CurvePoints = CurveRef.extend({
  /** All of the stretch that was asked for; more than `steps` holds where it was thinned. */
  total: z.int(),
  /** Column by column, in the order of the axis. */
  steps: z.array(z.int()),
  timesMs: z.array(z.int()),
  values: z.array(MetricValue),
});
export type CurvePoints = z.infer<typeof CurvePoints>;

export const LogLines = z.strictObject({
  /** Lines the run has now. */
  total: z.int(),
  lines: z.array(
    z.strictObject({
      /** From 1, without gaps. */
      number: z.int(),
      stream: z.enum(['stdout', 'stderr']),
      timeMs: z.int(),
      line: z.string(),
    }),
  ),
});
export type LogLines = z.infer<typeof LogLines>;

const Texts = z.record(z.string().min(1).max(250), z.string().max(8000));

export const NewRun = z.strictObject({
  name: z.string().trim().min(1).max(250),
  /** The program's own name for it: the same again is answered with the same run, and makes none. */
  key: z.string().min(1).max(250).optional(),
  experimentId: ExperimentId.default('0'),
  params: Texts.default({}),
  tags: Texts.default({}),
});
export type NewRun = z.infer<typeof NewRun>;

export const trackingRoutes = {
  begin: route({
    method: 'POST',
    path: '/live/v1/runs',
    summary: 'Begin a run in the project of the token; its events go to `…/runs/:runId/events`',
    access: 'program',
    body: NewRun,
    response: z.strictObject({ runId: RunId }),
    errors: ['experiment.not_found', 'project.not_found', 'auth.no_project'],
  }),
  experiments: route({
    method: 'GET',
    path: '/live/v1/projects/:projectId/experiments',
    summary: "A project's experiments, the last changed first",
    access: 'user',
    params: ProjectParams,
    response: z.array(Experiment),
    errors: ['project.not_found'],
  }),
  search: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/runs/search',
    summary: 'Runs of a project, Mallo’s own and those that programs logged, filtered and sorted, page by page',
    access: 'user',
    params: ProjectParams,
    body: RunSearch,
    response: RunPage,
    errors: ['project.not_found', 'run.search_invalid', 'request.invalid'],
  }),
  keys: route({
    method: 'GET',
    path: '/live/v1/projects/:projectId/keys',
    summary: 'Names of metrics, params or tags that runs of a project have',
    access: 'user',
    params: ProjectParams,
    query: z.strictObject({
      kind: z.enum(['metrics', 'params', 'tags']),
      search: z.string().max(250).default(''),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    response: z.strictObject({ keys: z.array(z.string()), total: z.int() }),
    errors: ['project.not_found'],
  }),
  run: route({
    method: 'GET',
    path: '/live/v1/runs/:runId/record',
    summary: 'A run as it was logged: status, params, tags; its metrics are asked for by `metrics`',
    access: 'user',
    params: RunParams,
    response: TrackedRun.extend({ projectId: Id, metricCount: z.int(), logLineCount: z.int() }),
    errors: ['run.not_found'],
  }),
  metrics: route({
    method: 'GET',
    path: '/live/v1/runs/:runId/metrics',
    summary: 'The curves of a run by name, without their points, page by page',
    access: 'user',
    params: RunParams,
    query: z.strictObject({
      search: z.string().max(250).default(''),
      after: z.string().max(250).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    response: z.strictObject({ metrics: z.array(MetricSummary), total: z.int() }),
    errors: ['run.not_found'],
  }),
  curves: route({
    method: 'POST',
    path: '/live/v1/curves',
    summary: 'Points of any curves of any runs, thinned on the server',
    access: 'user',
    body: CurvesWanted,
    response: z.array(CurvePoints),
    errors: ['run.not_found'],
  }),
  logs: route({
    method: 'GET',
    path: '/live/v1/runs/:runId/logs',
    summary:
      'Lines of the log by number, from one on or the last before one; with `search` only those that hold the text, in any case',
    access: 'user',
    params: RunParams,
    query: z.strictObject({
      from: z.coerce.number().int().min(1).default(1),
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(5000).default(500),
      search: z.string().max(500).default(''),
    }),
    response: LogLines,
    errors: ['run.not_found'],
  }),
};

const Sql = z.string().trim().min(1).max(20_000);
const QUERY_ERRORS = [
  'project.not_found',
  'query.invalid',
  'query.too_large',
  'query.too_slow',
  'request.too_many',
  'server.disk_full',
] as const;

export const QUERY_MAX_ROWS = 1000;

export const QueryTable = z.strictObject({
  /** With their types, in DuckDB's words. */
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** Row by row; what JSON has no form for is text. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  /** There are more rows than these. */
  isCut: z.boolean(),
});
export type QueryTable = z.infer<typeof QueryTable>;

const ExportFile = z.strictObject({
  what: z.enum(['points', 'params']).default('points'),
  format: z.enum(['parquet', 'csv']).default('parquet'),
});

export const exportRoutes = {
  export: route({
    method: 'GET',
    path: '/live/v1/projects/:projectId/export',
    summary: 'All points, or all params, of a project’s runs or of one run, as one file of Parquet or CSV',
    access: 'user',
    params: ProjectParams,
    query: ExportFile.extend({ runId: RunId.optional() }),
    response: 'stream',
    errors: ['project.not_found', 'run.not_found', 'query.too_large', 'request.too_many', 'server.disk_full'],
  }),
  exportFound: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/runs/export',
    summary: 'All points, or all params, of the runs that a search finds, as one file of Parquet or CSV',
    access: 'user',
    params: ProjectParams,
    query: ExportFile,
    body: RunCondition,
    response: 'stream',
    errors: ['project.not_found', 'run.search_invalid', 'query.too_large', 'request.too_many', 'server.disk_full'],
  }),
  query: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/query',
    summary:
      'What a SELECT of DuckDB finds in runs, params, tags, metrics, points and logs of a project; its first rows',
    access: 'user',
    params: ProjectParams,
    body: z.strictObject({ sql: Sql }),
    response: QueryTable,
    errors: QUERY_ERRORS,
  }),
  queryFile: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/query/file',
    summary: 'All rows that a SELECT of DuckDB finds, as one file of Parquet or CSV',
    access: 'user',
    params: ProjectParams,
    query: z.strictObject({ format: z.enum(['parquet', 'csv']).default('parquet') }),
    body: z.strictObject({ sql: Sql }),
    response: 'stream',
    errors: QUERY_ERRORS,
  }),
};

/** Client → server `watchProject`: from then on `runs` tells what changed, at most four times a second. */
export const WatchProject = z.strictObject({ projectId: Id, metrics: Keys });
export type WatchProject = z.infer<typeof WatchProject>;

/** Server → client `runs`: runs of a project that changed since the frame before, with their status now and the wanted metrics. */
export const RunsFrame = z.strictObject({
  projectId: Id,
  runs: z.array(
    z.strictObject({
      id: RunId,
      status: RunStatus,
      metrics: z.record(z.string(), LastPoint),
      /** Began, or its name, params, tags, files or models changed: ask for it. */
      changed: z.boolean(),
      /** Its log has more lines. */
      logged: z.boolean(),
    }),
  ),
});
export type RunsFrame = z.infer<typeof RunsFrame>;

/** Server → client `presence`: from how many sign-ins (browsers and programs) a run is watched now. */
export const PresenceFrame = z.strictObject({ runId: RunId, watchers: z.int() });
export type PresenceFrame = z.infer<typeof PresenceFrame>;
