import type {} from '@mallo/backend/testing/global-setup';
import { createClient, type LinkState, watchProject } from '@mallo/client';
import { liveRoutes, type RunsFrame } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import {
  MOVABLE_CLOCK,
  metric,
  send,
  startTelemetry,
  startTelemetryProcess,
  type Telemetry,
  tokenFor,
  tokens,
  writerOf,
} from '../testing/telemetry.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';

const LIMIT_MS = 20_000;
let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(() => telemetry.close());

/** Watches, and puts together what is told of each run. */
async function watch(project: Project, metrics: string[]) {
  const frames: { atMs: number; runs: RunsFrame['runs'] }[] = [];
  const runs = new Map<string, RunsFrame['runs'][number]>();
  const links: LinkState[] = [];
  let joins = 0;
  const stop = watchProject(project.owner, project.projectId, metrics, {
    onJoined: () => {
      joins += 1;
    },
    onRuns: (told) => {
      frames.push({ atMs: performance.now(), runs: told });
      for (const run of told) {
        const before = runs.get(run.id);
        runs.set(run.id, {
          ...run,
          metrics: { ...before?.metrics, ...run.metrics },
          changed: run.changed || Boolean(before?.changed),
          logged: run.logged || Boolean(before?.logged),
        });
      }
    },
    onLink: (link) => links.push(link),
  });
  onTestFinished(stop);
  await vi.waitFor(() => expect(joins).toBe(1), LIMIT_MS);
  return { frames, runs, links, joins: () => joins };
}

test('tells the last points of the wanted metrics of all runs that move, a few times a second and not each point', async () => {
  const project = await newProject(telemetry);
  const runIds = await Promise.all([1, 2, 3].map(() => addTraining(project, { status: 'running' })));
  const watched = await watch(project, ['loss', 'accuracy']);
  const writers = await Promise.all(runIds.map((runId) => writerOf(telemetry, runId)));
  for (let step = 0; step < 100; step += 1) {
    await Promise.all(
      writers.map((writer, index) =>
        send(writer, 'stdout', 2 * step, [metric('loss', step, index + 1 / (1 + step)), metric('other', step, 1)]),
      ),
    );
  }
  const last = (index: number) => ({ loss: { value: index + 1 / 100, step: 99, timeMs: 1099 } });
  await vi.waitFor(
    () => expect(runIds.map((id) => watched.runs.get(id)?.metrics)).toEqual([last(0), last(1), last(2)]),
    LIMIT_MS,
  );
  expect(watched.runs.get(runIds[0] ?? '')?.status).toBe('running');
  const times = watched.frames.map(({ atMs }) => atMs);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  expect(times.length).toBeLessThanOrEqual(4 * seconds + 2);
  // A training begun again repeats itself; its curve stands where it stood.
  await send(writers[0] as (typeof writers)[0], 'stdout', 200, [metric('loss', 5, 0.1), metric('accuracy', 5, 0.5)]);
  await vi.waitFor(() => expect(watched.runs.get(runIds[0] ?? '')?.metrics.accuracy?.value).toBe(0.5), LIMIT_MS);
  expect(watched.runs.get(runIds[0] ?? '')?.metrics).toMatchObject(last(0));
});

test('tells of runs that begin and of their status, whoever changed it', async () => {
  const project = await newProject(telemetry);
  // Telemetry knows a project from its first run.
  await addTraining(project);
  const watched = await watch(project, []);
  const runId = await addTraining(project);
  await vi.waitFor(() => expect(watched.runs.get(runId)).toMatchObject({ status: 'queued', changed: true }), LIMIT_MS);
  await addTraining(project, { status: 'failed' }, runId);
  await vi.waitFor(() => expect(watched.runs.get(runId)).toMatchObject({ status: 'failed', metrics: {} }), LIMIT_MS);
});

test.each([-60_000, 60_000])('tells what another instance changed whose clock differs by %d ms', async (movedMs) => {
  const other = await startTelemetryProcess(inject('databaseUrl'), MOVABLE_CLOCK);
  onTestFinished(() => other.kill());
  await other.moveClock(movedMs);
  const project = await newProject(telemetry);
  const there = createClient({ baseUrl: other.url, accessToken: await tokenFor('service', 'service', 3600) });
  const elsewhere = { ...project, service: there };
  const runId = await addTraining(project);
  const watched = await watch(project, []);
  await vi.waitFor(() => expect(watched.runs.get(runId)?.status).toBe('queued'), LIMIT_MS);
  for (const status of ['running', 'completed'] as const) {
    await addTraining(elsewhere, { status }, runId);
    await vi.waitFor(() => expect(watched.runs.get(runId)?.status).toBe(status), LIMIT_MS);
  }
});

test('tells of a run whose files or models changed', async () => {
  const project = await newProject(telemetry);
  const { projectId, ownerId, service } = project;
  const runId = await addTraining(project);
  const watched = await watch(project, []);
  const changes = () => watched.frames.flatMap(({ runs }) => runs.filter((run) => run.id === runId && run.changed));
  await vi.waitFor(() => expect(changes()).toHaveLength(1), LIMIT_MS);
  await service.call(liveRoutes.filesChanged, { params: { projectId, runId } });
  await vi.waitFor(() => expect(changes()).toHaveLength(2), LIMIT_MS);
  // A run of another project is none of theirs.
  await service.call(liveRoutes.filesChanged, {
    params: { projectId: (await newProject(telemetry)).projectId, runId },
  });
  const token = await tokens.sign({ kind: 'user', userId: ownerId, projectId });
  const logged = await fetch(`${telemetry.url}/api/2.0/mlflow/logged-models`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_id: '0', name: 'net', source_run_id: runId }),
  });
  expect(logged.status).toBe(200);
  await vi.waitFor(() => expect(changes()).toHaveLength(3), LIMIT_MS);
});

test('says that the log of a run has grown', async () => {
  const project = await newProject(telemetry);
  const runId = await addTraining(project, { status: 'running' });
  const watched = await watch(project, []);
  await send(await writerOf(telemetry, runId), 'stdout', 0, [{ type: 'log', stream: 'stdout', line: 'hi', timeMs: 1 }]);
  await vi.waitFor(() => expect(watched.runs.get(runId)?.logged).toBe(true), LIMIT_MS);
});

test('lets nobody else in', async () => {
  const [project, other] = [await newProject(telemetry), await newProject(telemetry)];
  await addTraining(project);
  const refused = Promise.withResolvers<string>();
  watchProject(other.owner, project.projectId, [], {
    onJoined: () => refused.reject(new Error('was let in')),
    onRuns: () => {},
    onError: ({ code }) => refused.resolve(code),
  });
  expect(await refused.promise).toBe('project.not_found');
});

test('joins again after a restart of the service, and says that the runs have to be asked for', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  onTestFinished(() => service.kill());
  const project = await newProject(service);
  const runId = await addTraining(project, { status: 'running' });
  const watched = await watch(project, ['loss']);
  await service.kill();
  await service.start();
  await vi.waitFor(() => expect(watched.joins()).toBe(2), LIMIT_MS);
  await send(await writerOf(service, runId), 'stdout', 0, [metric('loss', 1, 3)]);
  await vi.waitFor(() => expect(watched.runs.get(runId)?.metrics.loss?.value).toBe(3), LIMIT_MS);
  expect(watched.links).toEqual(['live', 'reconnecting', 'live']);
});
