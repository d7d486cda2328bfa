import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Tokens } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { mlflowArtifactRoutes, retentionRoutes, runFileRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ObjectStore } from '../../objects/object-store.js';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { safetensors } from '../../testing/model-files.js';
import { programOf } from '../../testing/program.js';
import { addRun } from '../../testing/rows.js';
import { startTelemetry } from '../../testing/telemetry.js';
import { registerFiles } from '../../testing/uploads.js';

let api: TestApi;
let store: ObjectStore;
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  store = api.app.get(ObjectStore, { strict: false });
  telemetry = await startTelemetry(api.settings.DATABASE_URL, api.settings.MALLO_JWT_SECRET, { apiUrl: api.url });
  token = (await programOf(api)).token;
});
afterAll(async () => {
  await telemetry.stop();
  await api.close();
});

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const params = () => ({ projectId: api.projectId });
/** The owner, who asks telemetry. */
const owner = () => createClient({ baseUrl: telemetry.url, accessToken: api.owner.accessToken ?? '' });

async function ask(path: string, body: object) {
  const answer = await fetch(`${telemetry.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as {
    run: { info: { run_id: string; artifact_uri: string } };
    model: { info: { model_id: string; artifact_uri: string } };
  };
}

async function logFile(artifactUri: string, name: string, bytes: Buffer): Promise<void> {
  const folder = artifactUri.replace('mlflow-artifacts:/', '');
  const answer = await fetch(`${api.url}${mlflowArtifactRoutes.list.path}/${folder}/${name}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(bytes),
  });
  expect(answer.status).toBe(200);
}

async function removeNow() {
  await owner().call(retentionRoutes.set, { params: params(), body: { deletedDays: 0, detailDays: null } });
  await owner().call(retentionRoutes.begin, { params: params() });
  return vi.waitUntil(async () => {
    const { pass } = await owner().call(retentionRoutes.get, { params: params() });
    return pass?.state === 'running' ? undefined : pass;
  }, 60_000);
}

it('a removed run’s files are freed, but for what a registered version or another run has too', async () => {
  const [own, shared, ofModel, registered] = [randomBytes(5000), randomBytes(700), randomBytes(300), safetensors()];
  await registerFiles(api, { files: { 'model.safetensors': registered } });
  const { info: gone } = (await ask('runs/create', { experiment_id: '0' })).run;
  const { info: stays } = (await ask('runs/create', { experiment_id: '0' })).run;
  for (const [name, bytes] of Object.entries({ own, shared, 'model/registered': registered })) {
    await logFile(gone.artifact_uri, name, bytes);
  }
  await logFile(stays.artifact_uri, 'shared', shared);
  const { info: model } = (await ask('logged-models', { experiment_id: '0', name: 'm' })).model;
  await logFile(model.artifact_uri, 'weights', ofModel);
  const held = await owner().call(retentionRoutes.held, { params: params() });
  expect(held.fileBytes).toBe(5000 + 700 + 300 + registered.length);

  await ask('runs/delete', { run_id: gone.run_id });
  await fetch(`${telemetry.url}/api/2.0/mlflow/logged-models/${model.model_id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await removeNow()).toMatchObject({ state: 'done', removed: 2, freedBytes: 5300 });

  // What was just put goes a minute later; that nothing refers to it any more is known at once.
  expect(await store.remove(digest(own))).toBe(true);
  expect(await store.remove(digest(ofModel))).toBe(true);
  expect(await store.remove(digest(shared))).toBe(false);
  expect(await store.remove(digest(registered))).toBe(false);
  expect((await owner().call(retentionRoutes.held, { params: params() })).fileBytes).toBe(700);
});

it('so are the files of a removed training, but never those of one that goes on', async () => {
  const service = createClient({
    baseUrl: api.url,
    accessToken: await new Tokens(api.settings.MALLO_JWT_SECRET).sign({ kind: 'service' }),
  });
  const [ended, running] = [await addRun(api, { status: 'completed' }), await addRun(api, { status: 'running' })];
  const blobs = await Promise.all(
    [ended, running].map(async (runId) => {
      const blob = await store.put(Readable.from([randomBytes(900)]));
      await api.database.runArtifact.create({ data: { runId, name: 'model.onnx', ...blob } });
      return blob;
    }),
  );
  const folders = [ended, running].map((runId) => join(api.home, 'runs', runId));
  for (const folder of folders) {
    await mkdir(join(folder, 'attempt-1'), { recursive: true });
    await writeFile(join(folder, 'stdout.log'), 'x'.repeat(100));
    await writeFile(join(folder, 'attempt-1', 'exit'), '0\n');
  }
  const held = async () => (await service.call(runFileRoutes.held, { params: params() })).heldBytes;
  const heldBefore = await held();
  await writeFile(join(folders[1] ?? '', 'machine.jsonl'), 'x'.repeat(50));
  expect((await held()) - heldBefore).toBe(50);

  const body = {
    runIds: [ended, running, 'run_neverthere'],
    folders: [`0/${ended}/artifacts`, '../x', 'registry/mdl_1/1.0.0/artifacts'],
  };
  const free = () => service.call(runFileRoutes.free, { params: params(), body });
  expect(await free()).toEqual({ freedBytes: 900 + 100 + 2 });
  expect(await free()).toEqual({ freedBytes: 0 });
  expect(await store.remove(blobs[0]?.sha256 ?? '')).toBe(true);
  expect(await store.remove(blobs[1]?.sha256 ?? '')).toBe(false);
  expect(await readdir(join(api.home, 'runs'))).toEqual([running]);
  expect(await readFile(join(folders[1] ?? '', 'stdout.log'), 'utf8')).toHaveLength(100);
});

it('nobody but Mallo itself lets go of files', async () => {
  const asked = { params: params(), body: { runIds: [], folders: [] } };
  await expect(api.owner.call(runFileRoutes.free, asked)).rejects.toMatchObject({ code: 'auth.forbidden' });
});
