import { newId } from '@mallo/backend';
import type {} from '@mallo/backend/testing/global-setup';
import {
  type ImportedExperiment,
  type ImportedRun,
  liveRoutes,
  trackingImportRoutes,
  trackingRoutes,
} from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project, search } from '../testing/trackings.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let project: Project;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await knownProject();
});
afterAll(async () => {
  await telemetry.close();
  await database.end();
});

/** A project that telemetry knows, as it does from its first training. */
async function knownProject(): Promise<Project> {
  const made = await newProject(telemetry);
  await addTraining(made);
  return made;
}

const experiment = (change: object = {}) => ({
  name: newId('exp'),
  lifecycleStage: 'active' as const,
  createdMs: 10,
  updatedMs: 20,
  tags: [{ key: 'team', value: 'vision' }],
  ...change,
});

async function anExperiment(change: object = {}): Promise<string> {
  return (await sendExperiment(experiment(change))).experimentId;
}

function sendExperiment(body: ImportedExperiment) {
  const { owner, projectId } = project;
  return owner.call(trackingImportRoutes.experiment, { params: { projectId }, body });
}

const runId = () => newId('run').replace('run_', '0'.repeat(12)).toLowerCase();

function run(experimentId: string, change: Partial<ImportedRun> = {}): ImportedRun {
  return {
    experimentId,
    name: 'first',
    user: 'kim',
    status: 'completed',
    startedMs: 1000,
    endedMs: 2000,
    lifecycleStage: 'active',
    params: [{ key: 'lr', value: '0.1' }],
    tags: [
      { key: 'mlflow.runName', value: 'first' },
      { key: 'a', value: 'nul \0' },
    ],
    datasets: [],
    inputModels: [],
    outputModels: [],
    ...change,
  };
}

const send = (id: string, body: ImportedRun, { owner, projectId } = project) =>
  owner.call(trackingImportRoutes.run, { params: { projectId, runId: id }, body });
const points = (id: string, values: (number | 'NaN')[], { owner, projectId } = project, more: { mark?: string } = {}) =>
  owner.call(trackingImportRoutes.points, {
    params: { projectId, runId: id },
    body: {
      ...more,
      curves: [
        {
          key: 'loss',
          steps: values.map((_, at) => at - 1),
          timesMs: values.map((_, at) => 100 + at),
          values,
        },
      ],
    },
  });

test('keeps a run under the id, with the times and in the state that it had', async () => {
  const experimentId = await anExperiment();
  const id = runId();
  expect(await send(id, run(experimentId))).toEqual({ isNew: true, differing: [], pointsMark: null });
  await points(id, [1.5, 'NaN', 0.1]);
  const { runs } = await search(project, {
    runIds: [id],
    columns: { metrics: ['loss'], params: ['lr'], tags: ['a', 'mlflow.runName'] },
  });
  expect(runs).toEqual([
    expect.objectContaining({
      id,
      kind: 'logged',
      name: 'first',
      user: 'kim',
      status: 'completed',
      startedMs: 1000,
      endedMs: 2000,
      metrics: { loss: { value: 0.1, step: 1, timeMs: 102 } },
      params: { lr: '0.1' },
      tags: { a: 'nul \ufffd', 'mlflow.runName': 'first' },
    }),
  ]);
  const snapshot = await project.owner.call(liveRoutes.snapshot, { params: { runId: id } });
  expect(snapshot.curves[0]?.points).toEqual([
    [-1, 1.5, 100],
    [0, 'NaN', 101],
    [1, 0.1, 102],
  ]);
});

test('doubles nothing when all of it is sent again', async () => {
  const experimentId = await anExperiment();
  const id = runId();
  for (const isNew of [true, false]) {
    expect(await send(id, run(experimentId))).toEqual({ isNew, differing: [], pointsMark: null });
    await points(id, [3, 2, 1]);
  }
  const { metrics } = await project.owner.call(trackingRoutes.metrics, { params: { runId: id } });
  expect(metrics).toEqual([expect.objectContaining({ key: 'loss', count: 3 })]);
});

test('says what is there otherwise, lets it stay, and adds what is new', async () => {
  const experimentId = await anExperiment();
  const id = runId();
  await send(id, run(experimentId));
  const later = run(experimentId, {
    status: 'failed',
    params: [
      { key: 'lr', value: '0.2' },
      { key: 'depth', value: '3' },
    ],
    tags: [
      { key: 'a', value: 'other' },
      { key: 'b', value: 'new' },
    ],
  });
  expect((await send(id, later)).differing).toEqual(['status', 'param lr', 'tag a']);
  const record = await project.owner.call(trackingRoutes.run, { params: { runId: id } });
  expect(record).toMatchObject({ status: 'completed', params: { lr: '0.1', depth: '3' }, tags: { b: 'new' } });
  expect(record.tags.a).toBe('nul \ufffd');
});

test('a run that was not over when it came follows what is sent later', async () => {
  const experimentId = await anExperiment();
  const id = runId();
  await send(id, run(experimentId, { status: 'running', endedMs: null }));
  const ended = run(experimentId, { tags: [{ key: 'a', value: 'at the end' }] });
  expect(await send(id, ended)).toEqual({ isNew: false, differing: [], pointsMark: null });
  const record = await project.owner.call(trackingRoutes.run, { params: { runId: id } });
  expect(record).toMatchObject({ status: 'completed', endedMs: 2000, tags: { a: 'at the end' } });
});

test('tells what the source knew of the points once all of them had come', async () => {
  const experimentId = await anExperiment();
  const id = runId();
  await send(id, run(experimentId));
  await points(id, [1, 2]);
  expect((await send(id, run(experimentId))).pointsMark).toBe(null);
  await points(id, [1, 2, 3], project, { mark: 'three' });
  expect((await send(id, run(experimentId))).pointsMark).toBe('three');
  const none = { params: { projectId: project.projectId, runId: id }, body: { curves: [], mark: 'none more' } };
  await project.owner.call(trackingImportRoutes.points, none);
  expect((await send(id, run(experimentId))).pointsMark).toBe('none more');
});

test('points come into a deleted run too', async () => {
  const id = runId();
  await send(id, run(await anExperiment({ lifecycleStage: 'deleted' }), { lifecycleStage: 'deleted' }));
  await points(id, [1, 2]);
  const { total, metrics } = await project.owner.call(trackingRoutes.metrics, { params: { runId: id } });
  expect([total, metrics[0]?.count]).toEqual([1, 2]);
});

test('an experiment of the name is used, and what it has stays', async () => {
  const said = experiment();
  const first = await sendExperiment(said);
  const tags = [
    { key: 'team', value: 'other' },
    { key: 'more', value: '1' },
  ];
  const again = await sendExperiment({ ...said, tags });
  expect(again).toEqual({ ...first, isNew: false, differing: ['tag team'] });
  const own = await sendExperiment(experiment({ name: 'Default' }));
  expect([own.experimentId, own.isNew, own.artifactLocation]).toEqual(['0', false, 'mlflow-artifacts:/0']);
});

test('what is in another project stays there, and nobody else adds to it', async () => {
  const id = runId();
  await send(id, run(await anExperiment()));
  const other = await knownProject();
  const refused = { code: 'import.in_other_project', status: 409 };
  await expect(send(id, run('0', { status: 'failed' }), other)).rejects.toMatchObject(refused);
  await expect(points(id, [1], other)).rejects.toMatchObject({ code: 'run.not_found' });
  const stranger = { ...project, owner: other.owner };
  await expect(points(id, [1], stranger)).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(send(id, run('0'), stranger)).rejects.toMatchObject({ code: 'project.not_found' });
  const { metrics } = await project.owner.call(trackingRoutes.metrics, { params: { runId: id } });
  expect(metrics).toEqual([]);
  await expect(send(runId(), run('123456789'))).rejects.toMatchObject({ code: 'request.not_found' });
});

test('a logged model comes with its params, tags and points, once', async () => {
  const experimentId = await anExperiment();
  const [id, modelId] = [runId(), `m-${newId('x').slice(2)}`];
  await send(id, run(experimentId, { outputModels: [{ modelId, step: 3 }] }));
  const point = { runId: id, key: 'acc', step: 1, timeMs: 5, value: 0.5, datasetName: 'd', datasetDigest: '1' };
  const body = {
    experimentId,
    name: 'net',
    modelType: '',
    sourceRunId: id,
    status: 'READY' as const,
    lifecycleStage: 'active' as const,
    createdMs: 7,
    updatedMs: 8,
    params: [{ key: 'depth', value: '3' }],
    tags: [{ key: 't', value: 'v' }],
    points: [point],
  };
  const { owner, projectId } = project;
  for (const isNew of [true, false]) {
    const sent = await owner.call(trackingImportRoutes.loggedModel, { params: { projectId, modelId }, body });
    expect(sent).toEqual({ isNew, differing: [] });
  }
  const { rows } = await database.query(
    `select name, created_ms, updated_ms, source_run_id, m.value, m.step, p.value as depth
       from telemetry.logged_models join telemetry.logged_model_metrics m using (model_id)
       join telemetry.logged_model_params p using (model_id) where model_id = $1`,
    [modelId],
  );
  expect(rows).toEqual([
    { name: 'net', created_ms: '7', updated_ms: '8', source_run_id: id, value: 0.5, step: '1', depth: '3' },
  ]);
});
