import type { Curve, IngestBatch, LiveEvent, LiveSnapshot, MetricValue, SequencedEvent } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';

export type WatchedRun = { ownerId: string; seq: number };
/** What became of a batch: its events with their places, or the position where the writer really is. */
export type Ingested = { stored: true; events: SequencedEvent[] } | { stored: false; position: number };

type MetricEvent = Extract<LiveEvent, { type: 'metric' }>;

@Injectable()
export class LiveRepository {
  constructor(private readonly database: Database) {}

  async find(runId: string): Promise<WatchedRun | null> {
    const [run] = await this.database.query<WatchedRun>(
      'select owner_id as "ownerId", seq from telemetry.runs where run_id = $1',
      [runId],
    );
    return run ?? null;
  }

  /** Null where the run is not known. */
  async position(runId: string, writer: string): Promise<number | null> {
    const [row] = await this.database.query<{ position: number }>(
      `select coalesce(writers.position, 0) as position
         from telemetry.runs left join telemetry.writers on writers.run_id = runs.run_id and writer = $2
        where runs.run_id = $1`,
      [runId, writer],
    );
    return row?.position ?? null;
  }

  /**
   * Stores a batch if it begins exactly where its writer stands, all of it or nothing. The lock on the run's row
   * makes the order of commits the order of the sequence, so that whoever reads sees it without gaps.
   */
  ingest(runId: string, batch: IngestBatch): Promise<Ingested | null> {
    return this.database.transaction(async (client) => {
      const run = await client.query<{ seq: number }>('select seq from telemetry.runs where run_id = $1 for update', [
        runId,
      ]);
      const before = run.rows[0]?.seq;
      if (before === undefined) return null;
      const writer = await client.query<{ position: number }>(
        'select position from telemetry.writers where run_id = $1 and writer = $2',
        [runId, batch.writer],
      );
      const position = writer.rows[0]?.position ?? 0;
      if (batch.from !== position) return { stored: false, position };

      await client.query(
        `insert into telemetry.writers (run_id, writer, position) values ($1, $2, $3)
         on conflict (run_id, writer) do update set position = excluded.position`,
        [runId, batch.writer, batch.to],
      );
      const events = batch.events.map((event, index) => ({ seq: before + index + 1, event }));
      if (events.length > 0) {
        await insertEvents(client, runId, events);
        await upsertMetrics(client, runId, batch.events);
        const progress = batch.events.findLast((event) => event.type === 'progress');
        await client.query('update telemetry.runs set seq = $2, progress = coalesce($3, progress) where run_id = $1', [
          runId,
          before + events.length,
          progress ? JSON.stringify(progress) : null,
        ]);
      }
      return { stored: true, events };
    });
  }

  events(runId: string, after: number, limit: number): Promise<SequencedEvent[]> {
    return this.database.query<SequencedEvent>(
      'select seq, event from telemetry.events where run_id = $1 and seq > $2 order by seq limit $3',
      [runId, after, limit],
    );
  }

  /** One moment of a run: what the snapshot holds is exactly the events up to its `seq`. */
  snapshot(runId: string, maxPoints: number, logLines: number): Promise<LiveSnapshot> {
    return this.database.transaction(async (client) => {
      const run = await client.query<Pick<LiveSnapshot, 'seq' | 'progress'>>(
        'select seq, progress from telemetry.runs where run_id = $1',
        [runId],
      );
      const logs = await client.query<LogRow>(
        `select seq, event from telemetry.events where run_id = $1 and type = 'log' order by seq desc limit $2`,
        [runId, logLines],
      );
      const notices = await client.query<{ event: LiveSnapshot['notices'][number] }>(
        `select event from telemetry.events where run_id = $1 and type = 'notice' order by seq desc limit 1000`,
        [runId],
      );
      const points = await client.query<PointRow>(THINNED_CURVES, [runId, maxPoints]);
      return {
        seq: run.rows[0]?.seq ?? 0,
        progress: run.rows[0]?.progress ?? null,
        curves: curvesOf(points.rows),
        logs: logs.rows
          .reverse()
          .map(({ seq, event }) => ({ seq, stream: event.stream, timeMs: event.timeMs, line: event.line })),
        notices: latestOfEach(notices.rows.map(({ event }) => event)),
      };
    }, 'begin isolation level repeatable read read only');
  }
}

type LogRow = { seq: number; event: Extract<LiveEvent, { type: 'log' }> };
type PointRow = { key: string; step: number; value: number; timeMs: number };

/**
 * Curves of at most $2 points: short ones whole; of longer ones both ends, and of each stretch of steps between them
 * the lowest and the highest point, so that no spike is lost. An array compares by its first element, the value.
 */
const THINNED_CURVES = `
  with curves as (
    select key, count(*) as total, min(step) as first, max(step) as last
      from telemetry.metrics where run_id = $1 group by key
  ), extremes as (
    select key, min(array[value, step, time_ms]) as low, max(array[value, step, time_ms]) as high
      from telemetry.metrics join curves using (key)
     where run_id = $1 and total > $2 and step > first and step < last
     group by key, floor((step - first)::float8 / (last - first) * (($2::int - 2) / 2))
  )
  select key, step, value, time_ms as "timeMs"
    from telemetry.metrics join curves using (key) where run_id = $1 and total <= $2
  union
  select key, step, value, time_ms
    from telemetry.metrics join curves using (key) where run_id = $1 and step = any(array[first, last])
  union
  select key, low[2]::bigint, low[1], low[3]::bigint from extremes
  union
  select key, high[2]::bigint, high[1], high[3]::bigint from extremes
  order by key, step`;

async function insertEvents(client: PoolClient, runId: string, events: SequencedEvent[]): Promise<void> {
  await client.query(
    `insert into telemetry.events (run_id, seq, type, event)
     select $1, * from unnest($2::bigint[], $3::text[], $4::json[])`,
    [
      runId,
      events.map(({ seq }) => seq),
      events.map(({ event }) => event.type),
      events.map(({ event }) => JSON.stringify(event)),
    ],
  );
}

async function upsertMetrics(client: PoolClient, runId: string, events: LiveEvent[]): Promise<void> {
  // A statement may touch a row once only; of two points of the same step the later one counts.
  const points = new Map<string, MetricEvent>();
  for (const event of events) if (event.type === 'metric') points.set(`${event.step} ${event.key}`, event);
  if (points.size === 0) return;
  const rows = [...points.values()];
  await client.query(
    `insert into telemetry.metrics (run_id, key, step, value, time_ms)
     select $1, * from unnest($2::text[], $3::bigint[], $4::float8[], $5::bigint[])
     on conflict (run_id, key, step) do update set value = excluded.value, time_ms = excluded.time_ms`,
    [
      runId,
      rows.map(({ key }) => key),
      rows.map(({ step }) => step),
      rows.map(({ value }) => Number(value)),
      rows.map(({ timeMs }) => timeMs),
    ],
  );
}

function curvesOf(rows: PointRow[]): Curve[] {
  const curves = new Map<string, Curve>();
  for (const { key, step, value, timeMs } of rows) {
    const curve = curves.get(key) ?? { key, points: [] };
    curves.set(key, curve);
    curve.points.push([step, asJson(value), timeMs]);
  }
  return [...curves.values()];
}

function asJson(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

/** A training started again says the same again; the newest come first. @returns the oldest first. */
function latestOfEach(notices: LiveSnapshot['notices']): LiveSnapshot['notices'] {
  const seen = new Map<string, LiveSnapshot['notices'][number]>();
  for (const notice of notices) {
    const name = `${notice.code} ${notice.message}`;
    if (!seen.has(name)) seen.set(name, notice);
  }
  return [...seen.values()].reverse();
}
