import { startTestPostgres, type TestPostgres } from '@mallo/backend/testing';
import { createClient, watchRun } from '@mallo/client';
import { exportRoutes, liveRoutes, type RouteSpec, trackingRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logLine, openRun, send, startTelemetry, type Telemetry } from './testing/telemetry.js';

let postgres: TestPostgres;
let telemetry: Telemetry;

beforeAll(async () => {
  postgres = await startTestPostgres();
  telemetry = await startTelemetry(postgres.url);
});
afterAll(async () => {
  await telemetry.close();
  await postgres.stop();
});

test('every route but health refuses who has no token', async () => {
  const routes = [liveRoutes, trackingRoutes, exportRoutes].flatMap((group) => Object.values<RouteSpec>(group));
  for (const route of routes) {
    const path = route.path.replace(/:\w+/g, 'run_1');
    const answer = await fetch(telemetry.url + path, { method: route.method });
    expect([path, answer.status]).toEqual([path, 401]);
  }
});

test('gives its figures to Prometheus', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('a'), logLine('b')]);
  const answer = await fetch(`${telemetry.url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  expect(text).toContain('mallo_telemetry_events_stored_total 2');
  expect(text).toContain('mallo_telemetry_watchers 0');
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).toMatch(
    /mallo_http_request_duration_seconds_count\{.*route="\/live\/v1\/runs\/:runId\/events",status="200"\} 1/,
  );
});

test('outlives its database: says so while it is away, and watchers go on when it is back', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('1')]);
  const seen = Promise.withResolvers<string[]>();
  const live = Promise.withResolvers<void>();
  const stop = watchRun(run.owner, run.runId, {
    onView: (view) => view.seq === 2 && seen.resolve(view.logs.map(({ line }) => line)),
    onLink: (link) => link === 'live' && live.resolve(),
  });
  await live.promise;
  const writing = (async () => {
    for (;;) {
      const sent = await send(run, 'stdout', 1, [logLine('2')]).catch((error: unknown) => error);
      if (typeof sent === 'number') return sent;
      expect(sent).toMatchObject({ code: 'server.unavailable', status: 503 });
    }
  })();
  await postgres.restart();
  expect(await writing).toBe(2);
  expect(await seen.promise).toEqual(['1', '2']);
  stop();
  const health = await fetch(`${telemetry.url}/live/v1/health`);
  expect(await health.json()).toEqual({ status: 'ok' });
  const params = { runId: run.runId };
  const again = createClient({ baseUrl: telemetry.url, accessToken: run.owner.accessToken });
  expect((await again.call(liveRoutes.snapshot, { params })).seq).toBe(2);
});
