import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '@mallo/client';
import { BATCH_MAX_EVENTS, type IngestBatch, type LiveEvent, liveRoutes } from '@mallo/contracts';
import type { Connection } from './connection.js';
import { type LinesRead, readLines } from './log-lines.js';

const LOOK_EVERY_MS = 100;
const BATCH_MAX_BYTES = 900_000;
const ANSWER_WITHIN_MS = 30_000;

export type LogToDeliver = {
  /** Its name at telemetry, where its position is the number of bytes delivered. */
  writer: string;
  path: string;
  eventsOf: (line: string, timeMs: number) => LiveEvent[];
  /** Told each line delivered before this sidecar was started. */
  remember?: (line: string) => void;
  /** Whether nothing will be added to the file any more. */
  hasEnded: () => Promise<boolean>;
};

/**
 * Delivers a file's lines as they are added, from where telemetry says they are missing, until it has ended and all
 * are there. The file is the spool: nothing is kept here, so this process may end at any moment.
 */
export async function deliverLog(log: LogToDeliver, connection: Connection): Promise<void> {
  let position = await askPosition(log.writer, connection);
  await rememberLines(log, position);
  for (;;) {
    // Asked before reading: what is added later is found by the next read.
    const ended = await log.hasEnded();
    const batch = nextBatch(log, position, await readLines(log.path, position, ended));
    if (!batch) {
      if (ended) return;
      await wait(LOOK_EVERY_MS);
      continue;
    }
    position = await send(batch, connection);
  }
}

/**
 * @returns the writer's position, which is another than the batch's end when a sidecar before this one was quicker.
 * @throws ApiError when the batch is not understood; the next sidecar, maybe of a later version, begins with it
 */
async function send(body: IngestBatch, connection: Connection): Promise<number> {
  try {
    return await connection.request(`${body.writer}: events`, async ({ runId, telemetry }) => {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      return (await telemetry.call(liveRoutes.ingest, { params: { runId }, body }, { signal })).position;
    });
  } catch (error) {
    // Not by its code, which may be another after an upgrade that this process lives through.
    const position = error instanceof ApiError ? await askPosition(body.writer, connection) : body.from;
    if (position === body.from) throw error;
    return position;
  }
}

function askPosition(writer: string, connection: Connection): Promise<number> {
  return connection.request(`${writer}: position`, async ({ runId, telemetry }) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return (await telemetry.call(liveRoutes.position, { params: { runId, writer } }, { signal })).position;
  });
}

/** As many of the lines as one batch takes; null where there are none. */
function nextBatch(log: LogToDeliver, from: number, { lines, timeMs }: LinesRead): IngestBatch | null {
  const batch: IngestBatch = { writer: log.writer, from, to: from, events: [] };
  let bytes = 0;
  for (const { text, end } of lines) {
    const events = log.eventsOf(text, timeMs);
    bytes += Buffer.byteLength(JSON.stringify(events));
    const isFull = bytes > BATCH_MAX_BYTES || batch.events.length + events.length > BATCH_MAX_EVENTS;
    if (isFull && batch.to > from) break;
    batch.events.push(...events);
    batch.to = end;
  }
  return batch.to > from ? batch : null;
}

async function rememberLines({ path, remember }: LogToDeliver, position: number): Promise<void> {
  if (!remember || position === 0) return;
  const input = createReadStream(path, { end: position - 1 });
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) remember(line);
}
