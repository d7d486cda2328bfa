import { registryRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegistryService } from '../../registry/registry.service.js';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { programOf, type TestProgram } from '../../testing/program.js';
import { registration } from '../../testing/rows.js';
import { registerFiles } from '../../testing/uploads.js';

let api: TestApi;
let mlflow: TestProgram;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = await programOf(api);
});
afterAll(() => api.close());

type Version = { name: string; version: string; current_stage: string; description?: string; aliases?: string[] };

const version = async (name: string, number: number | string) => {
  const { body } = await mlflow.call('GET', 'model-versions/get', { name, version: number });
  return body.model_version as Version;
};
const stages = async (name: string) => {
  const { body } = await mlflow.call('GET', 'model-versions/search', { filter: `name = '${name}'` });
  return ((body.model_versions ?? []) as Version[])
    .sort((one, other) => Number(one.version) - Number(other.version))
    .map(({ current_stage: stage }) => stage);
};
const moveTo = (name: string, number: number, stage: string, archive_existing_versions = false) =>
  mlflow.call('POST', 'model-versions/transition-stage', {
    name,
    version: String(number),
    stage,
    archive_existing_versions,
  });
async function model(name: string, versions: number): Promise<string> {
  let id = '';
  for (let at = 0; at < versions; at += 1) id = (await registerFiles(api, { name })).modelId;
  return id;
}

describe('a version', () => {
  it('that a training made is there, under its number, with its run and where its files are', async () => {
    const registered = await registration(api, 'trained');
    await api.app.get(RegistryService, { strict: false }).registerRun(registered);
    const { modelId, version: second } = await registerFiles(api, { name: 'trained', bump: 'patch' });
    expect(second).toBe('1.0.1');
    expect(await version('trained', 1)).toEqual({
      name: 'trained',
      version: '1',
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      current_stage: 'None',
      description: '',
      source: `mlflow-artifacts:/registry/${modelId}/1.0.0/artifacts`,
      run_id: registered.runId,
      status: 'READY',
      run_link: '',
    });
    const { body } = await mlflow.call('GET', 'model-versions/get-download-uri', { name: 'trained', version: '2' });
    expect(body).toEqual({ artifact_uri: `mlflow-artifacts:/registry/${modelId}/1.0.1/artifacts` });
  });

  it('of files elsewhere points there', async () => {
    await mlflow.call('POST', 'registered-models/create', { name: 'elsewhere' });
    const form = { name: 'elsewhere', source: 's3://bucket/model', description: 'from S3', run_link: 'http://x/1' };
    const made = await mlflow.call('POST', 'model-versions/create', { ...form, tags: [{ key: 'a', value: 'b' }] });
    expect(made).toEqual({
      status: 200,
      body: {
        model_version: {
          name: 'elsewhere',
          version: '1',
          creation_timestamp: expect.any(Number),
          last_updated_timestamp: expect.any(Number),
          current_stage: 'None',
          description: 'from S3',
          source: 's3://bucket/model',
          run_id: '',
          status: 'READY',
          tags: [{ key: 'a', value: 'b' }],
          run_link: 'http://x/1',
          aliases: ['candidate'],
        },
      },
    });
    const { body } = await mlflow.call('GET', 'model-versions/get-download-uri', { name: 'elsewhere', version: '1' });
    expect(body).toEqual({ artifact_uri: 's3://bucket/model' });
  });

  it('is a copy of another one’s files, for good', async () => {
    const { modelId, artifacts } = await registerFiles(api, {
      name: 'origin',
      more: { metrics: { val_accuracy: 0.9 } },
    });
    await mlflow.call('POST', 'registered-models/create', { name: 'copied' });
    const made = await mlflow.call('POST', 'model-versions/create', {
      name: 'copied',
      source: 'models:/origin/latest',
    });
    expect(made.body).toMatchObject({ model_version: { version: '1', source: 'models:/origin/1' } });
    await mlflow.call('DELETE', 'registered-models/delete', { name: 'origin' });
    await api.owner.call(registryRoutes.purge, { params: { modelId, version: '1.0.0' } });
    const copy = await api.owner.call(registryRoutes.resolve, { query: { uri: 'mallo://models/copied' } });
    expect(copy).toMatchObject({ artifacts, metrics: { val_accuracy: 0.9 }, framework: 'pytorch', number: 1 });
  });

  it.each([
    ['/etc/passwd', 'To use a local path as a model version source'],
    ['file:///etc/passwd', 'To use a local path as a model version source'],
    ['mlflow-artifacts:/0/run_1/../../x', 'an absolute path must be provided'],
    ['mlflow-artifacts://host/0/..%2f..%2fx', 'an absolute path must be provided'],
    ['s3:/bucket/a/../../x', 'an absolute path must be provided'],
    ['mlflow-artifacts:/0/run_1/artifacts/m', 'The run_id request parameter must identify'],
    [
      'http://host/api/2.0/mlflow-artifacts/artifacts/0/run_1/artifacts/m',
      'The run_id request parameter must identify',
    ],
    ['runs:/run_1/model', 'The run_id request parameter must identify'],
    ['models:/m-1', 'The model_id request parameter must identify'],
    ['models://other/m/1', 'must use the active model registry'],
  ])('is not made of %s', async (source, problem) => {
    await mlflow.call('POST', 'registered-models/create', { name: 'refused' });
    const answer = await mlflow.call('POST', 'model-versions/create', { name: 'refused', source });
    expect(answer).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(problem) },
    });
  });

  it('a NUL is refused in a name and in a filter', async () => {
    const made = await mlflow.call('POST', 'model-versions/create', { name: 'a\0b', source: 's3://models/m' });
    const found = await mlflow.call('GET', 'registered-models/search', { filter: "name ILIKE '%\0%'" });
    for (const { status, body } of [made, found]) {
      expect([status, body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  it.each([
    ['x', 400, "Parameter 'version' must be an integer, got 'x'."],
    ['9', 404, 'Model Version (name=asked, version=9) not found'],
  ])('%s is refused in MLflow’s words', async (number, status, message) => {
    await mlflow.call('POST', 'registered-models/create', { name: 'asked' });
    const answer = await mlflow.call('GET', 'model-versions/get', { name: 'asked', version: number });
    expect([answer.status, answer.body.message]).toEqual([status, message]);
  });

  it('is described in its notes, whose history stays', async () => {
    const { modelId } = await registerFiles(api, { name: 'described', more: { memo: 'as it came' } });
    expect((await version('described', 1)).description).toBe('as it came');
    for (const description of ['first', 'second']) {
      const form = { name: 'described', version: '1', description };
      const { body } = await mlflow.call('PATCH', 'model-versions/update', form);
      expect(body).toMatchObject({ model_version: { description } });
    }
    const notes = await api.owner.call(registryRoutes.notesHistory, { params: { modelId, version: '1.0.0' } });
    expect(notes.map(({ text, by }) => [text, by])).toEqual([
      ['second', 'Owner'],
      ['first', 'Owner'],
    ]);
  });

  it('has tags', async () => {
    await model('labelled', 1);
    const of = { name: 'labelled', version: '1' };
    await mlflow.call('POST', 'model-versions/set-tag', { ...of, key: 'stage', value: 'ok' });
    const found = await mlflow.call('GET', 'model-versions/search', { filter: "tags.stage = 'ok'" });
    expect(found.body.model_versions).toMatchObject([{ name: 'labelled', tags: [{ key: 'stage', value: 'ok' }] }]);
    await mlflow.call('DELETE', 'model-versions/delete-tag', { ...of, key: 'stage' });
    expect(await version('labelled', 1)).not.toHaveProperty('tags');
  });

  it('is deleted with the aliases that point to it, can be restored, and its number is never used again', async () => {
    const modelId = await model('deleted', 2);
    await mlflow.call('POST', 'registered-models/alias', { name: 'deleted', alias: 'champion', version: '2' });
    const of = { name: 'deleted', version: '2' };
    expect(await mlflow.call('DELETE', 'model-versions/delete', of)).toEqual({ status: 200, body: {} });
    expect((await mlflow.call('DELETE', 'model-versions/delete', of)).status).toBe(404);
    expect((await mlflow.call('GET', 'model-versions/get', of)).status).toBe(404);
    await registerFiles(api, { name: 'deleted' });
    expect((await version('deleted', 3)).version).toBe('3');
    await api.owner.call(registryRoutes.restore, { params: { modelId, version: '1.1.0' } });
    expect((await version('deleted', 2)).version).toBe('2');
  });
});

describe('stages', () => {
  it('are none for what was just registered, though it is the @candidate', async () => {
    await model('fresh', 2);
    expect(await stages('fresh')).toEqual(['None', 'None']);
    expect((await version('fresh', 2)).aliases).toEqual(['candidate']);
  });

  it('are moved through as MLflow’s scripts do, by Mallo’s aliases', async () => {
    const modelId = await model('staged', 3);
    const moved = await moveTo('staged', 3, 'staging');
    expect(moved.body).toMatchObject({ model_version: { current_stage: 'Staging' } });
    expect(await stages('staged')).toEqual(['None', 'None', 'Staging']);
    await moveTo('staged', 1, 'Production');
    await moveTo('staged', 3, 'Production', true);
    expect(await stages('staged')).toEqual(['Archived', 'None', 'Production']);
    const { aliases } = await api.owner.call(registryRoutes.get, { params: { modelId } });
    expect(aliases).toEqual({ champion: '1.2.0', rollback: '1.0.0' });
    await moveTo('staged', 3, 'Archived');
    await moveTo('staged', 2, 'Archived');
    expect(await stages('staged')).toEqual(['Archived', 'Archived', 'Archived']);
    await moveTo('staged', 2, 'None');
    expect(await stages('staged')).toEqual(['Archived', 'None', 'Archived']);
  });

  it('take back only what a stage put aside, and not what somebody says of a version', async () => {
    const modelId = await model('deprecated', 2);
    await moveTo('deprecated', 1, 'Archived');
    await moveTo('deprecated', 1, 'Staging');
    expect(await stages('deprecated')).toEqual(['Staging', 'None']);
    const body = { deprecation: 'wrong on CT' };
    await api.owner.call(registryRoutes.deprecate, { params: { modelId, version: '1.0.0' }, body });
    const refused = await moveTo('deprecated', 1, 'Production');
    expect(refused.body.message).toContain('“wrong on CT”');
    expect((await api.owner.call(registryRoutes.get, { params: { modelId } })).versions.at(-1)?.deprecation).toBe(
      'wrong on CT',
    );
    const alias = { name: 'deprecated', alias: 'edge', version: '1' };
    expect((await mlflow.call('POST', 'registered-models/alias', alias)).body.message).toContain('“wrong on CT”');
  });

  it('archive what was staged before where that is asked for', async () => {
    await model('replaced', 3);
    await moveTo('replaced', 2, 'Staging');
    await moveTo('replaced', 3, 'Staging', true);
    expect(await stages('replaced')).toEqual(['None', 'Archived', 'Staging']);
  });

  it('have their latest versions', async () => {
    await model('latest', 4);
    await moveTo('latest', 1, 'Production');
    await moveTo('latest', 2, 'Production');
    const ask = async (wanted: string[]) => {
      const { body } = await mlflow.call('POST', 'registered-models/get-latest-versions', {
        name: 'latest',
        stages: wanted,
      });
      return ((body.model_versions ?? []) as Version[]).map((one) => [one.version, one.current_stage]);
    };
    expect(await ask([])).toEqual([
      ['1', 'Archived'],
      ['2', 'Production'],
      ['4', 'None'],
    ]);
    expect(await ask(['Production', 'none'])).toEqual([
      ['2', 'Production'],
      ['4', 'None'],
    ]);
    expect(await ask(['Staging'])).toEqual([]);
    const byQuery = await mlflow.call('GET', 'registered-models/get-latest-versions', {
      name: 'latest',
      stages: 'Archived',
    });
    expect(byQuery.body.model_versions).toMatchObject([{ version: '1' }]);
  });

  it('are refused where MLflow refuses them', async () => {
    await model('strict', 1);
    expect((await moveTo('strict', 1, 'foo')).body).toEqual({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: 'Invalid Model Version stage: foo. Value must be one of None, Staging, Production, Archived.',
    });
    expect((await moveTo('strict', 1, 'None', true)).body.message).toContain('is not an Active stage');
  });
});

describe('searching versions', () => {
  const search = async (form: Record<string, unknown>) => {
    const { body } = await mlflow.call('GET', 'model-versions/search', form);
    const found = (body.model_versions ?? []) as Version[];
    return { found: found.map((one) => `${one.name}/${one.version}`), token: body.next_page_token, body };
  };
  beforeAll(async () => {
    await model('s-a', 2);
    await mlflow.call('POST', 'registered-models/create', { name: 's-b' });
    for (const source of ['s3://one', 's3://two']) {
      await mlflow.call('POST', 'model-versions/create', { name: 's-b', source });
    }
  });

  it.each([
    ["name = 's-a'", ['s-a/1', 's-a/2']],
    ["name LIKE 's-%' AND version_number > 1", ['s-a/2', 's-b/2']],
    ["name LIKE 's-%' AND version_number = '1'", ['s-a/1', 's-b/1']],
    ["source_path = 's3://two'", ['s-b/2']],
    ["name IN ('s-b')", ['s-b/1', 's-b/2']],
    ["run_id = 'nothing'", []],
  ])('%s', async (filter, found) => {
    expect((await search({ filter, order_by: ['name ASC', 'version_number ASC'] })).found).toEqual(found);
  });

  it('has the latest changed first unless asked otherwise, in pages', async () => {
    const filter = "name LIKE 's-%'";
    await mlflow.call('PATCH', 'model-versions/update', { name: 's-a', version: '1', description: 'changed' });
    expect((await search({ filter })).found).toEqual(['s-a/1', 's-b/2', 's-b/1', 's-a/2']);
    const page = await search({ filter, max_results: 3, order_by: 'creation_timestamp ASC' });
    expect(page.found).toEqual(['s-a/1', 's-a/2', 's-b/1']);
    const rest = await search({ filter, max_results: 3, order_by: 'creation_timestamp ASC', page_token: page.token });
    expect([rest.found, rest.token]).toEqual([['s-b/2'], undefined]);
  });

  it.each([
    [{ filter: 'version_number = 1.5' }, "Invalid value for numeric attribute 'version_number': 1.5"],
    [{ filter: "version_number LIKE '1'" }, 'Invalid comparator for attribute version_number: LIKE'],
    [{ filter: 'name = 3' }, expect.stringContaining('attributes support comparison with numeric values')],
    [{ filter: "source_path IN ('a')" }, expect.stringContaining("Only ['name', 'run_id'] attributes support")],
    [{ order_by: 'run_id' }, expect.stringContaining("Invalid attribute key 'run_id' specified.")],
    [{ max_results: 0 }, 'Invalid value for max_results. It must be a positive integer, but got 0'],
  ])('refuses %j', async (form, message) => {
    const { body } = await search(form);
    expect(body).toEqual({ error_code: 'INVALID_PARAMETER_VALUE', message });
  });
});
