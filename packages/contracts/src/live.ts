import { z } from 'zod';
import { Id } from './identity.js';
import { route } from './route.js';
import { RunId, RunParams, RunStatus } from './runs.js';

/** JSON has no NaN or infinities; they travel as these words. */
export const MetricValue = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]);
export type MetricValue = z.infer<typeof MetricValue>;

/** As many as MLflow takes. */
export const METRIC_KEY_CHARACTERS = 250;
export const MetricKey = z.string().min(1).max(METRIC_KEY_CHARACTERS);

const TimeMs = z.int().min(0);

/**
 * What a writer reports of a run.
 * `metric`: one point of a curve; the same key and step again replaces it (a resumed training repeats itself).
 * `progress`: where the training is. `batch` counts from 1 within the epoch, `step` from 1 over the whole run.
 */
export const LiveEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('metric'),
    key: MetricKey,
    step: z.int(),
    timeMs: TimeMs,
    value: MetricValue,
  }),
  z.strictObject({
    type: z.literal('log'),
    stream: z.enum(['stdout', 'stderr']),
    timeMs: TimeMs,
    line: z.string().max(10_000),
  }),
  z.strictObject({
    type: z.literal('progress'),
    timeMs: TimeMs,
    epoch: z.int(),
    epochs: z.int(),
    batch: z.int(),
    batches: z.int(),
    step: z.int(),
    imagesPerSecond: z.number().nullable(),
  }),
  z.strictObject({
    type: z.literal('notice'),
    timeMs: TimeMs,
    level: z.enum(['info', 'warning', 'error']),
    code: z.string().max(100),
    message: z.string().max(2000),
  }),
  /**
   * How the run stands now. Of a training it is news of the record in the api (a step began, the state changed): fetch it
   * again. Of a run that a program logs it is the program's word, one of `ProgramStatus`.
   */
  z.strictObject({ type: z.literal('run'), timeMs: TimeMs, status: z.string() }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** What a program can say of how its run stands; the last three end it. */
export const ProgramStatus = RunStatus.exclude(['cancelling']);
export type ProgramStatus = z.infer<typeof ProgramStatus>;

/** An event with its place in the run's one sequence, without gaps, from 1. */
export const SequencedEvent = z.strictObject({ seq: z.int(), event: LiveEvent });
export type SequencedEvent = z.infer<typeof SequencedEvent>;

export const BATCH_MAX_EVENTS = 5000;

export const IngestBatch = z.strictObject({
  /** Who writes, such as "stdout". Each writer counts its own positions. */
  writer: z.string().regex(/^[\w.-]{1,100}$/),
  /** The writer's position before and after these events (bytes of its file, or a count). */
  from: z.int().min(0),
  to: z.int().min(0),
  events: z.array(LiveEvent).max(BATCH_MAX_EVENTS),
});
export type IngestBatch = z.infer<typeof IngestBatch>;

/** The position up to which the writer's events are on the disk. A repeat of an older batch stores nothing. */
export const IngestAnswer = z.strictObject({ position: z.int() });

/** One curve: [step, value, timeMs] in the order of steps. */
export const Curve = z.strictObject({
  key: z.string(),
  points: z.array(z.tuple([z.int(), MetricValue, z.int()])),
});
export type Curve = z.infer<typeof Curve>;

/** All that a page needs to draw a run, and the sequence number from which to go on. */
export const LiveSnapshot = z.strictObject({
  seq: z.int(),
  curves: z.array(Curve),
  logs: z.array(
    z.strictObject({ seq: z.int(), stream: z.enum(['stdout', 'stderr']), timeMs: z.int(), line: z.string() }),
  ),
  progress: LiveEvent.options[2].nullable(),
  notices: z.array(LiveEvent.options[3]),
});
export type LiveSnapshot = z.infer<typeof LiveSnapshot>;

/** All that is shown of a training where runs are listed and searched. Times are epoch milliseconds. */
export const TrainingRecord = z.strictObject({
  name: z.string(),
  user: z.string(),
  status: RunStatus,
  createdMs: TimeMs,
  startedMs: TimeMs.nullable(),
  endedMs: TimeMs.nullable(),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
});
export type TrainingRecord = z.infer<typeof TrainingRecord>;

export const liveRoutes = {
  open: route({
    method: 'PUT',
    path: '/live/v1/runs/:runId',
    summary: 'Make a training known, with who may watch it and how it stands; the same again changes nothing',
    access: 'service',
    params: RunParams,
    /** A record that is behind what is known (the status only goes forward) changes nothing. */
    body: z.strictObject({ ownerId: Id, projectId: Id, training: TrainingRecord.optional() }),
  }),
  filesChanged: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/runs/:runId/files-changed',
    summary: 'Say that a run has other files now, for whoever watches it; of an unknown run nothing is said',
    access: 'service',
    params: RunParams.extend({ projectId: Id }),
  }),
  ingest: route({
    method: 'POST',
    path: '/live/v1/runs/:runId/events',
    summary: 'Store events of a run, as JSON or as lines; answered only once they are on the disk',
    access: 'writer',
    params: RunParams,
    body: IngestBatch,
    response: IngestAnswer,
    errors: ['run.not_found', 'run.writer_elsewhere', 'auth.no_project'],
  }),
  position: route({
    method: 'GET',
    path: '/live/v1/runs/:runId/writers/:writer',
    summary: 'Where a writer is to go on',
    access: 'writer',
    params: RunParams.extend({ writer: z.string().regex(/^[\w.-]{1,100}$/) }),
    response: IngestAnswer,
    errors: ['run.not_found', 'auth.no_project'],
  }),
  snapshot: route({
    method: 'GET',
    path: '/live/v1/runs/:runId',
    summary: 'Curves (at most maxPoints each), the last log lines, progress',
    access: 'user',
    params: RunParams,
    query: z.strictObject({
      maxPoints: z.coerce.number().int().min(10).max(10_000).default(1000),
      logLines: z.coerce.number().int().min(0).max(5000).default(500),
    }),
    response: LiveSnapshot,
    errors: ['run.not_found'],
  }),
};

/** Socket.io: path of the live stream on the front door. */
export const LIVE_SOCKET_PATH = '/live/socket.io';

/**
 * Client → server `join`: answered by acknowledgement; all events after `after` follow as `events`. Events of long ago
 * are not kept one by one: whoever asks for them is answered `events.gone`, and begins anew with a snapshot. After null
 * none follow: who asks so only counts as a watcher, and is told of the others by `presence`.
 */
export const JoinRequest = z.strictObject({ runId: RunId, after: z.int().min(0).nullable() });
export type JoinRequest = z.infer<typeof JoinRequest>;
export const JoinAnswer = z.union([
  z.strictObject({ ok: z.literal(true), seq: z.int() }),
  z.strictObject({
    ok: z.literal(false),
    code: z.enum(['auth.required', 'run.not_found', 'request.invalid', 'events.gone']),
  }),
]);
export type JoinAnswer = z.infer<typeof JoinAnswer>;

/** Server → client `events`: consecutive events of a run. */
export const EventsFrame = z.strictObject({ runId: RunId, events: z.array(SequencedEvent) });
export type EventsFrame = z.infer<typeof EventsFrame>;
