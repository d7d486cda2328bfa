import { type Client, createClient } from '@mallo/client';
import { type ImportedModel, type ImportedVersion, modelImportRoutes, registryRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { programOf, type TestProgram } from '../../testing/program.js';
import { registerFiles } from '../../testing/uploads.js';

let api: TestApi;
let mlflow: TestProgram;
let program: Client;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = await programOf(api);
  program = createClient({ baseUrl: api.url, accessToken: mlflow.token });
});
afterAll(() => api.close());

function version(number: number, change: Partial<ImportedVersion> = {}): ImportedVersion {
  return {
    number,
    source: `s3://bucket/${number}`,
    runId: `run${number}`,
    modelId: '',
    runLink: '',
    description: `about ${number}`,
    tags: [{ key: 'q', value: 'w' }],
    stage: null,
    createdMs: 1000 + number,
    updatedMs: 2000 + number,
    files: null,
    ...change,
  };
}

function model(name: string, change: Partial<ImportedModel> = {}): ImportedModel {
  return {
    name,
    description: 'of pets',
    tags: [{ key: 'team', value: 'vision' }],
    createdMs: 10,
    updatedMs: 20,
    versions: [version(1), version(3)],
    aliases: [],
    ...change,
  };
}

const named = (aliases: Record<string, number>) => Object.entries(aliases).map(([name, number]) => ({ name, number }));

const send = (body: ImportedModel) => program.call(modelImportRoutes.model, { body });
const get = async (name: string, number: number) =>
  (await mlflow.call('GET', 'model-versions/get', { name, version: number })).body.model_version as Record<
    string,
    unknown
  >;
const aliasesOf = async (name: string) =>
  (await mlflow.call('GET', 'registered-models/get', { name })).body.registered_model as Record<string, unknown>;

describe('a model of an MLflow', () => {
  it('has the numbers, times, tags and aliases that it had there', async () => {
    const made = await send(model('moved', { aliases: named({ champion: 1, shadow: 3 }) }));
    expect(made).toEqual({
      isNew: true,
      added: [1, 3],
      differing: [],
      taken: [],
      aliasesLeftOut: [],
      stagesLeftOut: [],
    });
    expect(await get('moved', 3)).toMatchObject({
      version: '3',
      creation_timestamp: 1003,
      last_updated_timestamp: 2003,
      current_stage: 'None',
      description: 'about 3',
      source: 's3://bucket/3',
      run_id: 'run3',
      tags: [{ key: 'q', value: 'w' }],
      aliases: ['shadow'],
    });
    expect((await mlflow.call('GET', 'model-versions/get', { name: 'moved', version: 2 })).status).toBe(404);
    expect(await aliasesOf('moved')).toMatchObject({
      creation_timestamp: 10,
      description: 'of pets',
      tags: [{ key: 'team', value: 'vision' }],
    });
  });

  it('is not doubled, and gets the versions that are new', async () => {
    await send(model('again', { aliases: named({ shadow: 1 }) }));
    const aliases = named({ shadow: 4, late: 1 });
    const more = model('again', { versions: [version(1), version(3), version(4)], aliases });
    const again = await send(more);
    expect(again).toMatchObject({ isNew: false, added: [4], differing: [], taken: [], aliasesLeftOut: ['shadow'] });
    expect((await get('again', 4)).aliases).toBeUndefined();
    expect((await get('again', 1)).aliases).toEqual(['shadow']);
  });

  it('says what is there otherwise, and lets it stay', async () => {
    const { modelId } = await registerFiles(api, { name: 'own' });
    const made = await send(model('own', { versions: [version(1), version(2)], aliases: named({ shadow: 2 }) }));
    const [change] = await api.owner.call(registryRoutes.aliasChanges, { params: { modelId } });
    expect(change).toMatchObject({ action: 'import', by: 'Owner', reason: '', after: { shadow: '1.1.0' } });
    expect(made).toMatchObject({ isNew: false, added: [2], taken: [1], differing: ['description', 'tag team'] });
    const other = await send(
      model('own', { description: '', tags: [], versions: [version(2, { source: 's3://other' })] }),
    );
    expect(other.differing).toEqual(['version 2']);
    const listed = await api.owner.call(registryRoutes.get, { params: { modelId } });
    expect(listed.versions.map(({ version: name, number }) => [name, number])).toEqual([
      ['1.1.0', 2],
      ['1.0.0', 1],
    ]);
  });

  it('does not bring back what was deleted here', async () => {
    await send(model('deleted'));
    await mlflow.call('DELETE', 'model-versions/delete', { name: 'deleted', version: '3' });
    expect(await send(model('deleted'))).toMatchObject({ added: [], taken: [3] });
  });

  it('is in its stages as far as one version can be in each', async () => {
    const versions = [
      version(1, { stage: 'Production' }),
      version(2, { stage: 'Production' }),
      version(3, { stage: 'Staging' }),
      version(4, { stage: 'Archived' }),
      version(5),
    ];
    expect((await send(model('staged', { versions }))).stagesLeftOut).toEqual([1]);
    const stages = await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => (await get('staged', number)).current_stage),
    );
    expect(stages).toEqual(['None', 'Production', 'Staging', 'Archived', 'None']);
    const held = model('held', { versions: versions.slice(0, 2), aliases: named({ champion: 1 }) });
    expect((await send(held)).stagesLeftOut).toEqual([2]);
    expect((await get('held', 1)).aliases).toEqual(['champion']);
  });

  it('leaves out an alias that no version may have', async () => {
    const aliases = named({ '1st': 1, latest: 1, production: 3, good: 3 });
    const { aliasesLeftOut } = await send(model('named', { aliases }));
    expect(aliasesLeftOut).toEqual(['latest']);
    expect((await get('named', 3)).aliases).toEqual(['good', 'production']);
  });

  it('has aliases named like what every object has, but for the one that it cannot have', async () => {
    const aliases = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => ({ name, number: 1 }));
    expect(await send(model('objects', { aliases }))).toMatchObject({ added: [1, 3], aliasesLeftOut: ['__proto__'] });
    const names = ['constructor', 'hasOwnProperty', 'toString'];
    expect((await get('objects', 1)).aliases).toEqual(names);
    for (const alias of names) {
      const found = await mlflow.call('GET', 'registered-models/alias', { name: 'objects', alias });
      expect(found.body).toMatchObject({ model_version: { version: '1' } });
    }
    for (const alias of names) await mlflow.call('DELETE', 'registered-models/alias', { name: 'objects', alias });
    expect((await get('objects', 1)).aliases).toBeUndefined();
    for (const alias of names) {
      const gone = await mlflow.call('GET', 'registered-models/alias', { name: 'objects', alias });
      expect([gone.status, gone.body.message]).toEqual([400, `Registered model alias ${alias} not found.`]);
    }
  });

  it('is refused whole, with what is wrong, when its name or a tag cannot be kept', async () => {
    const refused = { code: 'request.invalid', status: 400 };
    await expect(send(model('a/b'))).rejects.toMatchObject(refused);
    await expect(send(model('tagged', { tags: [{ key: 'a=b\n', value: '' }] }))).rejects.toMatchObject(refused);
    expect((await mlflow.call('GET', 'registered-models/get', { name: 'tagged' })).status).toBe(404);
  });
});
