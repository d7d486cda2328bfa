import { gzipSync, zstdCompressSync } from 'node:zlib';
import type {} from '@mallo/backend/testing/global-setup';
import { createClient } from '@mallo/client';
import { type LiveEvent, liveRoutes, trackingRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  logLine,
  metric,
  openRun,
  send,
  startTelemetry,
  storedEvents,
  type Telemetry,
  writerOf,
} from '../testing/telemetry.js';
import { startTokenApi, type TokenApi } from '../testing/token-api.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';

let telemetry: Telemetry;
let api: TokenApi;
let project: Project;

beforeAll(async () => {
  api = await startTokenApi();
  telemetry = await startTelemetry(inject('databaseUrl'), { API_URL: api.url });
  project = await newProject(telemetry, api);
});
afterAll(async () => {
  await telemetry.close();
  api.close();
});

type Answer = {
  status: number;
  body: { runId: string; position: number; error: { code: string; message: Record<string, string> } };
};

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(telemetry.url + path, {
    method: 'POST',
    headers: { authorization: api.authorization, 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string' || body instanceof Uint8Array ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

const begin = (run: object) => post(trackingRoutes.begin.path, run);
const add = (runId: string, body: unknown, headers?: Record<string, string>) =>
  post(liveRoutes.ingest.path.replace(':runId', runId), body, headers);

async function newRun(run: object = {}): Promise<string> {
  return (await begin({ name: 'night', ...run })).body.runId;
}

const record = (runId: string) => project.owner.call(trackingRoutes.run, { params: { runId } });
const stands = (status: string, timeMs: number): LiveEvent => ({ type: 'run', timeMs, status });
const eventsOf = async (runId: string) => (await storedEvents(inject('databaseUrl'), runId)).map(({ event }) => event);

const EVENTS = [
  metric('loss', 1, 0.5),
  metric('system/cpu_percent', 1, 93),
  logLine('한 줄'),
  metric('loss', 2, 'NaN'),
];
const BATCH = { writer: 'script', from: 0, to: EVENTS.length, events: EVENTS };
const LINES = [{ writer: 'script', from: 0, to: EVENTS.length }, ...EVENTS].map((line) => `${JSON.stringify(line)}\n`);
const NDJSON = { 'content-type': 'application/x-ndjson' };

test('begins a run in its own project, with what is known of it', async () => {
  const { status, body } = await begin({ name: 'night', params: { lr: '0.1' }, tags: { team: '연구' } });
  expect(status).toBe(200);
  expect(await record(body.runId)).toMatchObject({
    kind: 'logged',
    name: 'night',
    status: 'running',
    projectId: api.projectId,
    experimentId: '0',
    params: { lr: '0.1' },
    tags: { team: '연구' },
  });
  expect(await begin({ name: 'night', experimentId: '12345678' })).toMatchObject({
    status: 404,
    body: { error: { code: 'experiment.not_found' } },
  });
});

test('begins one run for one key, however often and at once it is asked', async () => {
  const asked = { key: 'night-7', name: 'night', params: { lr: '0.1' } };
  const answers = await Promise.all(Array.from({ length: 6 }, () => begin(asked)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
  expect(await newRun({ key: 'night-8' })).not.toBe(answers[0]?.body.runId);
});

test.each([
  ['JSON', JSON.stringify(BATCH), {}],
  ['lines', LINES.join(''), NDJSON],
  ['JSON with gzip', gzipSync(JSON.stringify(BATCH)), { 'content-encoding': 'gzip' }],
  ['lines with zstd', zstdCompressSync(LINES.join('')), { ...NDJSON, 'content-encoding': 'zstd' }],
])('a program’s points and lines are stored once, however often they are sent as %s', async (_, body, headers) => {
  const runId = await newRun();
  for (let times = 0; times < 3; times += 1) {
    expect(await add(runId, body, headers)).toEqual({ status: 200, body: { position: EVENTS.length } });
  }
  expect(await eventsOf(runId)).toEqual(EVENTS);
  const { lines } = await project.owner.call(trackingRoutes.logs, { params: { runId } });
  expect(lines.map(({ line }) => line)).toEqual(['한 줄']);
});

test('says where a program’s writer is to go on', async () => {
  const runId = await newRun();
  await add(runId, BATCH);
  const gap = await add(runId, { ...BATCH, from: 9, to: 13 });
  expect(gap).toMatchObject({
    status: 409,
    body: { error: { code: 'run.writer_elsewhere', params: { position: 4 } } },
  });
  expect(gap.body.error.message.en).toContain('4');
  const program = createClient({ baseUrl: telemetry.url, accessToken: api.authorization.slice('Bearer '.length) });
  const asked = { params: { runId, writer: 'script' } };
  expect(await program.call(liveRoutes.position, asked)).toEqual({ position: 4 });
});

test('a program says how its run stands, in the batch, and once', async () => {
  const runId = await newRun();
  const end = { writer: 'script', from: 0, to: 2, events: [logLine('done'), stands('completed', 5_000)] };
  expect((await add(runId, end)).status).toBe(200);
  expect(await record(runId)).toMatchObject({ status: 'completed', endedMs: 5_000 });
  expect((await add(runId, { ...end, from: 2, to: 3, events: [stands('running', 6_000)] })).status).toBe(200);
  expect(await record(runId)).toMatchObject({ status: 'running', endedMs: null });
  // Late news of the first end.
  expect((await add(runId, end)).body).toEqual({ position: 3 });
  expect(await record(runId)).toMatchObject({ status: 'running', endedMs: null });
});

test('refuses a batch whole for a status that there is not', async () => {
  const runId = await newRun();
  for (const status of ['done', 'cancelling']) {
    const refused = await add(runId, { writer: 'script', from: 0, to: 2, events: [logLine('a'), stands(status, 1)] });
    const message = {
      en: expect.stringMatching(/body\.events\.1\.status: Invalid option: expected one of .*"completed"/),
      ko: expect.stringMatching(/body\.events\.1\.status: 잘못된 옵션: .*"completed"/),
    };
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'request.invalid', message } } });
  }
  expect(await eventsOf(runId)).toEqual([]);
});

test('a training takes a program’s lines beside its sidecar’s, and says itself how it stands', async () => {
  const runId = await addTraining(project, { status: 'running' });
  const sidecar = await writerOf(telemetry, runId);
  await send(sidecar, 'stdout', 0, [logLine('epoch 1')]);
  expect((await add(runId, { ...BATCH, writer: 'stdout' })).status).toBe(200);
  expect(await send(sidecar, 'stdout', 1, [logLine('epoch 2')])).toBe(2);
  const end = await add(runId, { writer: 'script', from: 0, to: 1, events: [stands('completed', 1)] });
  const message = {
    en: expect.stringContaining('how a training stands is said by Mallo itself'),
    ko: expect.stringContaining('학습이 어떤 상태인지는 말로가 스스로 적습니다'),
  };
  expect(end).toMatchObject({ status: 400, body: { error: { code: 'request.invalid', message } } });
  expect((await record(runId)).status).toBe('running');
});

test('a token writes in its own project alone, and a run’s token in its run', async () => {
  const foreign = await openRun(telemetry);
  const end = { writer: 'script', from: 0, to: 1, events: [stands('failed', 1)] };
  expect(await add(foreign.runId, end)).toMatchObject({ status: 404, body: { error: { code: 'run.not_found' } } });
  expect(await add(foreign.runId, BATCH)).toMatchObject({ status: 404, body: { error: { code: 'run.not_found' } } });
  expect(await eventsOf(foreign.runId)).toEqual([]);
  const asked = await fetch(
    telemetry.url + liveRoutes.position.path.replace(':runId', foreign.runId).replace(':writer', 'stdout'),
    { headers: { authorization: api.authorization } },
  );
  expect(asked.status).toBe(404);
  const runId = await newRun();
  const ofRun = { authorization: `Bearer ${foreign.writer.accessToken}` };
  expect(await add(runId, BATCH, ofRun)).toMatchObject({ status: 403, body: { error: { code: 'auth.forbidden' } } });
  expect((await post(trackingRoutes.begin.path, { name: 'x' }, ofRun)).status).toBe(403);
  const session = { authorization: `Bearer ${project.owner.accessToken}` };
  const refused = { status: 403, body: { error: { code: 'auth.no_project', message: { ko: expect.any(String) } } } };
  expect(await add(runId, BATCH, session)).toMatchObject(refused);
  expect(await post(trackingRoutes.begin.path, { name: 'x' }, session)).toMatchObject(refused);
  expect(await eventsOf(runId)).toEqual([]);
});
