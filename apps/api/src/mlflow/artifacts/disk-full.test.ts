import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mlflowArtifactRoutes as routes } from '@mallo/contracts';
import { beforeAll, expect, it } from 'vitest';
import { programOf } from '../../testing/program.js';
import { describeOnSmallDisk } from '../../testing/small-disk.js';

describeOnSmallDisk(4, (api) => {
  const FOLDER = '0/run_abc/artifacts';
  let token: string;
  beforeAll(async () => {
    token = (await programOf(api())).token;
  });
  const headers = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const put = (path: string, bytes: number) =>
    fetch(`${api().url}${routes.list.path}/${FOLDER}/${path}`, {
      method: 'PUT',
      headers: headers(),
      body: new Uint8Array(bytes),
    });
  const kept = () => readdir(join(api().home, 'objects'), { recursive: true });
  const full = [507, { error_code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('disk is full') }];

  it('an artifact that does not fit is refused in MLflow’s form, and leaves nothing', async () => {
    const before = await kept();
    const answer = await put('large.bin', 6_000_000);
    expect([answer.status, await answer.json()]).toEqual(full);
    expect(await kept()).toEqual(before);
    expect(await api().database.loggedArtifact.count()).toBe(0);
    expect((await put('small.bin', 100_000)).status).toBe(200);
  });

  it('an upload in parts whose whole does not fit can be given up, and its parts are free again', async () => {
    const place = `${api().url}/api/2.0/mlflow-artifacts/mpu`;
    const post = (what: string, body: object) =>
      fetch(`${place}/${what}/${FOLDER}`, { method: 'POST', headers: headers(), body: JSON.stringify(body) });
    const begun = (await (await post('create', { path: 'parts.bin', num_parts: 1 })).json()) as {
      upload_id: string;
      credentials: { url: string }[];
    };
    const part = await fetch(begun.credentials[0]?.url ?? '', { method: 'PUT', body: new Uint8Array(2_500_000) });
    expect(part.status).toBe(200);
    const form = { path: 'parts.bin', upload_id: begun.upload_id };
    const answer = await post('complete', { ...form, parts: [{ part_number: 1 }] });
    expect([answer.status, await answer.json()]).toEqual(full);
    expect((await post('abort', form)).status).toBe(200);
    expect((await put('parts.bin', 2_500_000)).status).toBe(200);
  });
});
