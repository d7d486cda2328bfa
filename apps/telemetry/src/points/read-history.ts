import type { CurveRef } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import type { Point } from './batch.js';
import { CHUNK_POINTS, decodeChunk } from './chunk.js';
import { type CurveKind, columnsOf, comparePoints } from './columns.js';

/** A point's place in its curve, after which a page begins. */
export type PlaceInCurve = Omit<Point, 'key'>;
export type HistoryPage = { points: PlaceInCurve[]; next: PlaceInCurve | null };

const CHUNKS_AT_ONCE = 32;

/**
 * A page of a folded curve, in the order of (step, time, value).
 * @param limit points of the page, any number: chunks are opened one after another
 */
export async function readHistory(
  client: PoolClient,
  { runId, key }: CurveRef,
  after: PlaceInCurve | null,
  limit: number,
): Promise<HistoryPage> {
  const kind: CurveKind = 'logged';
  const points: PlaceInCurve[] = [];
  const chunks = Math.min(1 + Math.ceil(limit / CHUNK_POINTS), CHUNKS_AT_ONCE);
  let place = after;
  for (;;) {
    const { rows } = await client.query<{ payload: Buffer }>(
      `select payload from telemetry.chunks
        where run_id = $1 and key = $2
          and ($3::bigint is null or (step_to, last_time, last_value) > ($3, $4::bigint, $5::float8))
        order by step_to, last_time, last_value limit $6`,
      [runId, key, place?.step ?? null, place?.timeMs ?? null, place?.value ?? null, chunks],
    );
    if (rows.length === 0) return { points, next: null };
    for (const { payload } of rows) {
      const columns = decodeChunk(payload);
      const { steps, timesMs, values } = columns;
      const passed = place && columnsOf([place.step], [place.timeMs], [place.value]);
      for (let at = 0; at < steps.length; at += 1) {
        if (passed && comparePoints(kind, columns, at, passed, 0) <= 0) continue;
        const point = { step: steps[at] as number, timeMs: timesMs[at] as number, value: values[at] as number };
        if (points.length === limit) return { points, next: points.at(-1) ?? null };
        points.push(point);
      }
      place = points.at(-1) ?? place;
    }
  }
}
