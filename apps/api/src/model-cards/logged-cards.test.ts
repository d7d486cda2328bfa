import { Tokens } from '@mallo/backend';
import { mlflowArtifactRoutes, modelCardRoutes, runArtifactRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, SECRET, startTestApi, type TestApi } from '../testing/api.js';
import { startTelemetry } from '../testing/telemetry.js';

const FILES = {
  MLmodel: 'flavors:\n  sklearn:\n    sklearn_version: 1.9.0\n    model_class: sklearn.svm.SVC\n',
  'requirements.txt': 'mlflow==3.17.2\nscikit-learn==1.9.0\n',
};

let api: TestApi;
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let authorization: string;

beforeAll(async () => {
  telemetry = await startTelemetry(await createTestDatabase(), SECRET);
  api = await startTestApi({ TELEMETRY_URL: telemetry.url });
  const { id: userId } = await api.database.user.findFirstOrThrow();
  authorization = `Bearer ${await new Tokens(SECRET).sign({ kind: 'user', userId, projectId: api.projectId })}`;
  // By its trainings a project is known there.
  await telemetry.report('run_training', userId, api.projectId, []);
});
afterAll(async () => {
  await api?.close();
  await telemetry?.stop();
});

async function tell(path: string, form: object): Promise<unknown> {
  const headers = { authorization, 'content-type': 'application/json' };
  const url = `${telemetry.url}/api/2.0/mlflow/${path}`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(form) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

it('a card of a model that a program logged has the params, tags and environment of its run, also while that cannot be asked', async () => {
  const { run } = (await tell('runs/create', { experiment_id: '0', start_time: 1 })) as {
    run: { info: { run_id: string } };
  };
  const { run_id: runId } = run.info;
  const settings = { params: [{ key: 'C', value: '0.5' }], tags: [{ key: 'author', value: 'kim' }], metrics: [] };
  await tell('runs/log-batch', { run_id: runId, ...settings });
  for (const [name, body] of Object.entries(FILES)) {
    const url = `${api.url}${mlflowArtifactRoutes.list.path}/0/${runId}/artifacts/model/${name}`;
    expect((await fetch(url, { method: 'PUT', body, headers: { authorization } })).ok).toBe(true);
  }
  const { modelId, version } = await api.owner.call(runArtifactRoutes.register, {
    params: { projectId: api.projectId, runId },
    body: { source: `runs:/${runId}/model`, name: 'svm', key: crypto.randomUUID() },
  });
  const params = { modelId, version };
  const card = () => api.owner.call(modelCardRoutes.get, { params, query: {} });
  const known = {
    origin: `Registered over MLflow from runs:/${runId}/model.`,
    settings: [{ name: 'C', value: '0.5' }],
    environment: { statement: expect.stringContaining('requirements.txt'), text: FILES['requirements.txt'] },
    snippets: [{ title: 'MLflow', code: expect.stringContaining('mlflow.sklearn.load_model("models:/svm/1")') }],
  };
  const found = await card();
  expect(found).toMatchObject(known);
  expect(found.runTags).toContainEqual({ name: 'author', value: 'kim' });
  expect(found.lineage.nodes.map(({ kind, id }) => [kind, id])).toEqual([
    ['run', runId],
    ['model', version],
  ]);
  const readme = await api.owner.download(modelCardRoutes.readme, { params, query: {} });
  expect(await readme.text()).toContain('| author | kim |');

  await telemetry.stop();
  expect(await card()).toMatchObject({ ...known, runTags: [] });
});
