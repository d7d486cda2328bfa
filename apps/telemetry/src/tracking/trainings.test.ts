import type {} from '@mallo/backend/testing/global-setup';
import { liveRoutes, trackingRoutes } from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { logLine, openRun, send, startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project, search, setLatest, trainingRecord } from '../testing/trackings.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let project: Project;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await newProject(telemetry);
});
afterAll(async () => {
  await telemetry.close();
  await database.end();
});

const record = (runId: string, who = project) => who.owner.call(trackingRoutes.run, { params: { runId } });

test('a training is shown as the api tells of it, with its params, tags and counts', async () => {
  const runId = await addTraining(project, {
    status: 'running',
    startedMs: 2000,
    params: { epochs: '3', 모델: 'resnet18' },
    tags: { 'mallo.conversation': 'cnv_1' },
  });
  await setLatest(database, runId, { loss: 0.5, acc: Number.NaN });
  expect(await record(runId)).toEqual({
    id: runId,
    projectId: project.projectId,
    kind: 'training',
    name: 'pets-resnet18',
    experimentId: '0',
    experimentName: 'Default',
    status: 'running',
    user: '말로',
    startedMs: 2000,
    endedMs: null,
    metrics: {},
    params: { epochs: '3', 모델: 'resnet18' },
    tags: { 'mallo.conversation': 'cnv_1', 'mlflow.runName': 'pets-resnet18', 'mlflow.user': '말로' },
    metricCount: 2,
    logLineCount: 0,
  });
});

test('what arrives late does not take a training back', async () => {
  const runId = await addTraining(project, { status: 'completed', startedMs: 1, endedMs: 5 });
  await addTraining(project, { status: 'running', startedMs: 1, name: 'late' }, runId);
  expect(await record(runId)).toMatchObject({ status: 'completed', endedMs: 5, name: 'pets-resnet18' });
});

test('the same record, many times at once, is one training', async () => {
  const other = await newProject(telemetry);
  const runId = await addTraining(other);
  await Promise.all(Array.from({ length: 8 }, () => addTraining(other, { status: 'running' }, runId)));
  expect((await search(other)).runs.map(({ id, status }) => [id, status])).toEqual([[runId, 'running']]);
});

test('the first trainings of a project, all at once, share its one default experiment', async () => {
  const other = await newProject(telemetry);
  await Promise.all(Array.from({ length: 6 }, () => addTraining(other)));
  const experiments = await other.owner.call(trackingRoutes.experiments, { params: { projectId: other.projectId } });
  expect(experiments).toMatchObject([{ id: '0', name: 'Default', runCount: 6 }]);
});

test('a run that was only opened is listed, and takes its record later', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('a'), logLine('b')]);
  const owner = { ...project, owner: run.owner };
  expect(await record(run.runId, owner)).toMatchObject({ status: 'queued', name: '', logLineCount: 2 });
});

test('a record of another project changes nothing', async () => {
  const runId = await addTraining(project);
  const other = await newProject(telemetry);
  await other.service.call(liveRoutes.open, {
    params: { runId },
    body: { ownerId: other.ownerId, projectId: other.projectId, training: trainingRecord({ name: 'stolen' }) },
  });
  expect((await record(runId)).name).toBe('pets-resnet18');
  expect((await search(other)).total).toBe(0);
});

test('nobody sees what is in someone else’s project, or that it is there', async () => {
  const runId = await addTraining(project);
  const stranger = (await newProject(telemetry)).owner;
  const params = { projectId: project.projectId };
  const query = { kind: 'tags' as const, search: '', limit: 10 };
  const refusal = { code: 'project.not_found', status: 404 };
  await expect(stranger.call(trackingRoutes.experiments, { params })).rejects.toMatchObject(refusal);
  await expect(stranger.call(trackingRoutes.keys, { params, query })).rejects.toMatchObject(refusal);
  await expect(search({ ...project, owner: stranger })).rejects.toMatchObject(refusal);
  await expect(stranger.call(trackingRoutes.run, { params: { runId } })).rejects.toMatchObject({
    code: 'run.not_found',
  });
});
