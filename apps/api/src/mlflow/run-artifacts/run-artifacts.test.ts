import { Tokens } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { mlflowArtifactRoutes, projectRoutes, registryRoutes, runArtifactRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, SECRET, startTestApi, type TestApi } from '../../testing/api.js';
import { codeOf } from '../../testing/code-of.js';
import { startTelemetry } from '../../testing/telemetry.js';

const MLMODEL = 'flavors:\n  sklearn:\n    sklearn_version: 1.9.0\n    model_class: sklearn.svm.SVC\n';

let api: TestApi;
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let token: string;
let runId: string;
let otherRunId: string;
let modelId: string;

beforeAll(async () => {
  telemetry = await startTelemetry(await createTestDatabase(), SECRET);
  api = await startTestApi({ TELEMETRY_URL: telemetry.url });
  const { id: userId } = await api.database.user.findFirstOrThrow();
  token = await new Tokens(SECRET).sign({ kind: 'user', userId, projectId: api.projectId });
  // By its trainings a project is known there.
  await telemetry.report('run_training', userId, api.projectId, []);
  runId = await newRun();
  otherRunId = await newRun();
  const { model } = (await tell('logged-models', { experiment_id: '0', name: 'svm', source_run_id: runId })) as {
    model: { info: { model_id: string; artifact_uri: string } };
  };
  modelId = model.info.model_id;
  await put(`0/${runId}/artifacts/plots/roc curve.png`, 'png');
  await put(`0/${runId}/artifacts/report.html`, '<script>alert(1)</script>');
  await put(`0/${runId}/artifacts/old style/MLmodel`, MLMODEL);
  await put(`0/${runId}/artifacts/old style/model.pkl`, 'pickle');
  await put(`0/models/${modelId}/artifacts/MLmodel`, MLMODEL);
});
afterAll(async () => {
  await api?.close();
  await telemetry?.stop();
});

/** What a program tells telemetry. */
async function tell(path: string, form: object): Promise<unknown> {
  const answer = await fetch(`${telemetry.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(form),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
async function newRun(): Promise<string> {
  const { run } = (await tell('runs/create', { experiment_id: '0', start_time: 1 })) as {
    run: { info: { run_id: string } };
  };
  return run.info.run_id;
}
async function put(path: string, content: string): Promise<void> {
  const url = `${api.url}${mlflowArtifactRoutes.list.path}/${encodeURI(path)}`;
  const answer = await fetch(url, { method: 'PUT', body: content, headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(await answer.text());
}

const of = (run = runId) => ({ projectId: api.projectId, runId: run });
const list = async (query: { path?: string; model?: string }, run = runId) => {
  const { artifacts } = await api.owner.call(routes.list, { params: of(run), query });
  return artifacts.map(({ name, isFolder, sizeBytes }) => (isFolder ? `${name}/` : `${name} ${sizeBytes}`));
};
const download = (path: string, query: { model?: string } = {}) =>
  api.owner.download(routes.file, { params: of(), query: { path, ...query } });
const key = () => crypto.randomUUID();

describe('the files of a run', () => {
  it('are listed folder by folder, folders first', async () => {
    expect(await list({})).toEqual(['old style/', 'plots/', 'report.html 25']);
    expect(await list({ path: 'plots' })).toEqual(['roc curve.png 3']);
    expect(await list({ path: 'nothing' })).toEqual([]);
    expect(await list({ model: modelId })).toEqual([`MLmodel ${MLMODEL.length}`]);
    expect(await list({}, otherRunId)).toEqual([]);
  });

  it('are given to be saved, whatever they are, and no browser takes one for a page', async () => {
    const page = await download('report.html');
    expect(await page.text()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename=report.html',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    const picture = await download('plots/roc curve.png');
    expect([picture.headers.get('content-type'), await picture.text()]).toEqual(['image/png', 'png']);
    expect(await (await download('MLmodel', { model: modelId })).text()).toBe(MLMODEL);
  });

  it('can be read in part', async () => {
    const url = api.owner.url(routes.file, { params: of(), query: { path: 'report.html' } });
    const headers = { authorization: `Bearer ${api.owner.accessToken}`, range: 'bytes=0-7' };
    const answer = await fetch(url, { headers });
    expect([answer.status, await answer.text()]).toEqual([206, '<script>']);
  });

  it.each([
    ['nothing.txt', 'run.artifact_not_found'],
    ['plots', 'run.artifact_not_found'],
    ['../../secret', 'request.invalid'],
    ['/etc/passwd', 'request.invalid'],
    ['%2e%2e/%2e%2e/x', 'request.invalid'],
  ])('%s is refused', async (path, code) => expect(await codeOf(download(path))).toBe(code));

  it('are those of the run alone: a model of another run is none of its', async () => {
    expect(await codeOf(list({ model: modelId }, otherRunId))).toBe('run.artifact_not_found');
  });

  it('are nobody else’s, and are in their own project only', async () => {
    await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'ko' } });
    const stranger = createClient({ baseUrl: api.url, accessToken: await api.tokenOf('usr_stranger') });
    expect(await codeOf(stranger.call(routes.list, { params: of() }))).toBe('project.not_found');
    const elsewhere = await api.owner.call(projectRoutes.create, { body: { name: 'Elsewhere' } });
    const params = { projectId: elsewhere.id, runId };
    expect(await codeOf(api.owner.call(routes.list, { params }))).toBe('run.not_found');
    expect(
      await codeOf(api.owner.call(routes.register, { params, body: { source: 'x', name: 'n', key: key() } })),
    ).toBe('run.not_found');
  });
});

describe('the models that a run logged', () => {
  const models = () => api.owner.call(routes.models, { params: of() });
  const register = (source: string, name: string, by = key()) =>
    api.owner.call(routes.register, { params: of(), body: { source, name, key: by } });

  it('are those with a folder of their own, and folders of the run with an MLmodel file', async () => {
    expect(await models()).toEqual([
      { source: `models:/${modelId}`, name: 'svm', modelId, versions: [] },
      { source: `runs:/${runId}/old style`, name: 'old style', modelId: null, versions: [] },
    ]);
    expect(await api.owner.call(routes.models, { params: of(otherRunId) })).toEqual([]);
  });

  it('become versions of a registered model, once for a key, and lead to them', async () => {
    const by = key();
    const made = await register(`models:/${modelId}`, 'classifier', by);
    expect(made).toMatchObject({ name: 'classifier', version: '1.0.0' });
    expect(await register(`models:/${modelId}`, 'classifier', by)).toEqual(made);
    const second = await register(`runs:/${runId}/old style`, 'classifier');
    expect(second).toMatchObject({ modelId: made.modelId, version: '1.1.0' });
    expect((await models()).map(({ versions }) => versions)).toEqual([[made], [second]]);
    const { framework, architecture, artifacts, logged } = await api.owner.call(registryRoutes.version, {
      params: second,
    });
    expect([framework, architecture, artifacts.map(({ name }) => name).toSorted(), logged?.runId]).toEqual([
      'sklearn',
      'SVC',
      ['MLmodel', 'model.pkl'],
      runId,
    ]);
  });

  it.each(['models:/m-0', 's3://bucket/model', 'runs:/run_x/old style'])('%s is none of them', async (source) =>
    expect(await codeOf(register(source, 'classifier'))).toBe('run.artifact_not_found'),
  );

  it('have no name that MLflow could not say', async () => {
    expect(await codeOf(register(`models:/${modelId}`, 'a/b'))).toBe('request.invalid');
  });
});
