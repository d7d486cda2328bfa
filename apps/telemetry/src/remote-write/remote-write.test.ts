import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {} from '@mallo/backend/testing/global-setup';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { hasProgram, type Program } from '../testing/programs.js';
import { makePrometheus, queryPrometheus } from '../testing/prometheus.js';
import { metric, openRun, send, startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { type Outcome, Sender } from './sender.js';

const LIMIT_MS = 60_000;
const log = pino({ level: 'silent' });

describe.skipIf(!hasProgram('prometheus'))('remote write to a real Prometheus (needs prometheus)', () => {
  let prometheus: Program;
  let telemetry: Telemetry;

  beforeAll(async () => {
    prometheus = await makePrometheus();
    const url = `http://127.0.0.1:${prometheus.port}/api/v1/write`;
    telemetry = await startTelemetry(inject('databaseUrl'), { MALLO_REMOTE_WRITE_URL: url });
  });
  afterAll(async () => {
    await telemetry.close();
    await prometheus.close();
  });

  test('holds up nobody while the receiver is away, and brings curves and figures once it is there', async () => {
    const run = await openRun(telemetry);
    await send(run, 'stdout', 0, [
      metric('val/정확도', 1, 0.25),
      metric('val/정확도', 2, 0.5),
      metric('odd', 1, 'Infinity'),
    ]);
    prometheus.start();
    const curve = async () => {
      const results = await queryPrometheus(prometheus, `mallo_run_metric{run_id="${run.runId}"}`);
      return Object.fromEntries(results.map(({ metric, value }) => [metric.metric, value[1]]));
    };
    await vi.waitFor(async () => expect(await curve()).toEqual({ 'val/정확도': '0.5', odd: '+Inf' }), LIMIT_MS);
    await send(run, 'stdout', 3, [metric('val/정확도', 3, 0.75)]);
    await vi.waitFor(async () => expect(await curve()).toMatchObject({ 'val/정확도': '0.75' }), LIMIT_MS);
    const stored = await queryPrometheus(prometheus, 'mallo_telemetry_events_stored_total{job="mallo-telemetry"}');
    expect(Number(stored[0]?.value[1])).toBeGreaterThanOrEqual(3);
  });
});

/** A receiver that answers as it is told, and notes what it was sent. */
async function makeReceiver(answer: () => number) {
  const received: { bytes: number; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      received.push({ bytes, headers: request.headers });
      response.writeHead(answer()).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
}

function counted() {
  const counts: Record<Outcome, number> = { sent: 0, refused: 0, dropped: 0 };
  const count = (outcome: Outcome, samples: number) => {
    counts[outcome] += samples;
  };
  return { counts, count };
}

test('is sent again until it is taken, in order, and given up only where it is refused', async () => {
  const answers = [503, 429, 204, 400, 204];
  const { received, port } = await makeReceiver(() => answers.shift() ?? 204);
  const { counts, count } = counted();
  const sender = new Sender(`http://ann:p%40ss@127.0.0.1:${port}/write`, count, log);
  for (const samples of [1, 2, 3]) sender.put({ body: Buffer.alloc(samples * 10), samples });
  await vi.waitFor(() => expect(counts).toEqual({ sent: 4, refused: 2, dropped: 0 }), LIMIT_MS);
  expect(received.map(({ bytes }) => bytes)).toEqual([10, 10, 10, 20, 30]);
  expect(received[0]?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf',
    'x-prometheus-remote-write-version': '0.1.0',
  });
});

test('lets the oldest go where too much waits, and is closed in time', async () => {
  const { port } = await makeReceiver(() => 503);
  const { counts, count } = counted();
  const sender = new Sender(`http://127.0.0.1:${port}`, count, log);
  for (let one = 0; one < 20; one += 1) sender.put({ body: Buffer.alloc(4 * 1024 * 1024), samples: 1 });
  expect(counts.dropped).toBe(12);
  expect(sender.waitingSamples).toBe(8);
  const began = performance.now();
  await sender.close(100);
  expect(performance.now() - began).toBeLessThan(LIMIT_MS / 2);
});
