import { gzipSync, zstdCompressSync } from 'node:zlib';
import type {} from '@mallo/backend/testing/global-setup';
import { liveRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  logLine,
  metric,
  type OpenRun,
  openRun,
  startTelemetry,
  storedEvents,
  type Telemetry,
} from '../testing/telemetry.js';

let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(() => telemetry.close());

const EVENTS = [metric('loss', 1, 'NaN'), logLine('한 줄\n둘째 줄'), metric('loss', 2, 0.5)];
const BATCH = { writer: 'script', from: 0, to: 3, events: EVENTS };
const LINES = [{ writer: 'script', from: 0, to: 3 }, ...EVENTS].map((line) => `${JSON.stringify(line)}\n`).join('');

async function post(run: OpenRun, body: Buffer | string, headers: Record<string, string>) {
  const answer = await fetch(telemetry.url + liveRoutes.ingest.path.replace(':runId', run.runId), {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { authorization: `Bearer ${run.writer.accessToken}`, ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}

const JSON_BODY = { 'content-type': 'application/json' };
const NDJSON_BODY = { 'content-type': 'application/x-ndjson' };

test.each([
  ['JSON', JSON.stringify(BATCH), JSON_BODY],
  ['JSON with gzip', gzipSync(JSON.stringify(BATCH)), { ...JSON_BODY, 'content-encoding': 'gzip' }],
  ['JSON with zstd', zstdCompressSync(JSON.stringify(BATCH)), { ...JSON_BODY, 'content-encoding': 'zstd' }],
  ['lines', LINES, NDJSON_BODY],
  ['lines with gzip', gzipSync(LINES), { ...NDJSON_BODY, 'content-encoding': 'gzip' }],
  ['lines with zstd', zstdCompressSync(LINES), { ...NDJSON_BODY, 'content-encoding': 'zstd' }],
])('takes a batch as %s', async (_, body, headers) => {
  const run = await openRun(telemetry);
  expect(await post(run, body, headers)).toEqual({ status: 200, body: { position: 3 } });
  expect((await storedEvents(inject('databaseUrl'), run.runId)).map(({ event }) => event)).toEqual(EVENTS);
});

test.each([
  ['a bomb of gzip', gzipSync(Buffer.alloc(200_000_000, ' ')), { ...JSON_BODY, 'content-encoding': 'gzip' }, 413],
  [
    'a bomb of zstd',
    zstdCompressSync(Buffer.alloc(200_000_000, ' ')),
    { ...NDJSON_BODY, 'content-encoding': 'zstd' },
    413,
  ],
  ['what is not gzip', Buffer.from('{}'), { ...JSON_BODY, 'content-encoding': 'gzip' }, 400],
  [
    'half of a gzip',
    gzipSync(JSON.stringify(BATCH)).subarray(0, 40),
    { ...JSON_BODY, 'content-encoding': 'gzip' },
    400,
  ],
  ['an encoding that it does not know', Buffer.from('{}'), { ...JSON_BODY, 'content-encoding': 'br' }, 400],
  ['a line that is not JSON', `${LINES}{"type":`, NDJSON_BODY, 400],
  ['a line that is no event', `${LINES}{"type":"other"}`, NDJSON_BODY, 400],
  ['no lines', '', NDJSON_BODY, 400],
])('refuses %s, and stores nothing of it', async (_, body, headers, status) => {
  const run = await openRun(telemetry);
  const answer = await post(run, body, headers);
  expect(answer).toMatchObject({ status, body: { error: { message: { ko: expect.any(String) } } } });
  expect(await storedEvents(inject('databaseUrl'), run.runId)).toEqual([]);
});
