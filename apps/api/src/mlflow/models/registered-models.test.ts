import { registryRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { programOf, type TestProgram } from '../../testing/program.js';
import { registerFiles } from '../../testing/uploads.js';

let api: TestApi;
let mlflow: TestProgram;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = await programOf(api);
});
afterAll(() => api.close());

type Model = {
  name: string;
  description?: string;
  latest_versions?: { version: string; current_stage: string }[];
  tags?: { key: string; value: string }[];
  aliases?: { alias: string; version: string }[];
};

const post = (path: string, form: object) => mlflow.call('POST', `registered-models/${path}`, { ...form });
const create = (name: string, more: object = {}) => post('create', { name, ...more });
const get = async (name: string) => {
  const { body } = await mlflow.call('GET', 'registered-models/get', { name });
  return body.registered_model as Model;
};
/** A version without files, whose bytes are somebody else's. */
const addVersion = (name: string) =>
  mlflow.call('POST', 'model-versions/create', { name, source: 's3://bucket/model', run_id: '' });
const search = async (form: Record<string, unknown>) => {
  const { body, status } = await mlflow.call('GET', 'registered-models/search', form);
  const names = ((body.registered_models ?? []) as Model[]).map(({ name }) => name);
  return { status, names, token: body.next_page_token, message: body.message };
};

describe('a registered model', () => {
  it('is made without versions, described, and found by its name', async () => {
    const tags = [
      { key: 'team', value: 'a' },
      { key: 'team', value: 'vision' },
    ];
    const made = await create('불량 검사', { description: 'finds scratches', tags });
    expect(made).toEqual({
      status: 200,
      body: {
        registered_model: {
          name: '불량 검사',
          description: 'finds scratches',
          creation_timestamp: expect.any(Number),
          last_updated_timestamp: expect.any(Number),
          tags: [{ key: 'team', value: 'vision' }],
        },
      },
    });
    const changed = await mlflow.call('PATCH', 'registered-models/update', { name: '불량 검사', description: 'new' });
    expect(changed.body).toMatchObject({ registered_model: { description: 'new' } });
    expect(await get('불량 검사')).toMatchObject({ name: '불량 검사', description: 'new' });
  });

  it('is refused in MLflow’s words where the name is taken, missing or none', async () => {
    await create('taken');
    const refusals = [
      [{ name: 'taken' }, 400, 'RESOURCE_ALREADY_EXISTS', 'Registered Model (name=taken) already exists.'],
      [
        {},
        400,
        'INVALID_PARAMETER_VALUE',
        "Missing value for required parameter 'name'. See the API docs for more information about request parameters.",
      ],
      [{ name: ' ' }, 400, 'INVALID_PARAMETER_VALUE', "Missing value for required parameter 'name'."],
      [
        { name: 31 },
        400,
        'INVALID_PARAMETER_VALUE',
        "Invalid value 31 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs for more information about request parameters.",
      ],
      [{ name: 'a/b' }, 400, 'INVALID_PARAMETER_VALUE', "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
      [
        { name: 'new', tags: [{ key: '', value: 'x' }] },
        400,
        'INVALID_PARAMETER_VALUE',
        expect.stringContaining("parameter 'key'"),
      ],
      [
        { name: 'new', tags: [{ key: 'a/', value: 'x' }] },
        400,
        'INVALID_PARAMETER_VALUE',
        expect.stringContaining("This name would resolve to 'a'"),
      ],
      [{ name: 'new', tags: [{ key: '__proto__', value: 'x' }] }, 400, 'INVALID_PARAMETER_VALUE', expect.any(String)],
    ] as const;
    for (const [form, status, error_code, message] of refusals) {
      expect(await post('create', form)).toEqual({ status, body: { error_code, message } });
    }
    expect(await mlflow.call('GET', 'registered-models/get', { name: 'nowhere' })).toEqual({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Registered Model with name=nowhere not found' },
    });
    expect((await mlflow.call('GET', 'registered-models/nothing')).body).toEqual({
      error_code: 'ENDPOINT_NOT_FOUND',
      message: expect.stringContaining('traces'),
    });
  });

  it('is renamed with its versions and aliases, and found in Mallo by its new name alone', async () => {
    const { modelId } = await registerFiles(api, { name: 'before' });
    await create('in the way');
    expect((await post('rename', { name: 'before', new_name: 'in the way' })).body.error_code).toBe(
      'RESOURCE_ALREADY_EXISTS',
    );
    const renamed = await post('rename', { name: 'before', new_name: 'after' });
    expect(renamed.body.registered_model).toMatchObject({
      name: 'after',
      latest_versions: [{ name: 'after', version: '1', current_stage: 'None' }],
    });
    expect((await api.owner.call(registryRoutes.get, { params: { modelId } })).name).toBe('after');
    const find = (searched: string) =>
      api.owner.call(registryRoutes.list, { params: { projectId: api.projectId }, query: { search: searched } });
    expect((await find('fter')).models.map(({ name }) => name)).toEqual(['after']);
    expect((await find('befo')).models).toEqual([]);
  });

  it('is deleted with its versions, which can be restored, and its name is free', async () => {
    const { modelId } = await registerFiles(api, { name: 'short-lived' });
    await post('alias', { name: 'short-lived', alias: 'champion', version: '1' });
    expect(await mlflow.call('DELETE', 'registered-models/delete', { name: 'short-lived' })).toEqual({
      status: 200,
      body: {},
    });
    expect((await mlflow.call('DELETE', 'registered-models/delete', { name: 'short-lived' })).status).toBe(404);
    expect((await search({ filter: "name LIKE 'short%'" })).names).toEqual([]);
    await create('short-lived');
    expect((await addVersion('short-lived')).body).toMatchObject({ model_version: { version: '1' } });
    await api.owner.call(registryRoutes.restore, { params: { modelId, version: '1.0.0' } });
    expect((await search({ filter: "name LIKE 'short%'" })).names).toEqual([
      'short-lived',
      expect.stringMatching(/^short-lived \(deleted /),
    ]);
  });

  it('of another project is not there', async () => {
    await api.database.project.create({
      data: { id: 'prj_second', ownerId: (await api.database.user.findFirstOrThrow()).id, name: 'Second' },
    });
    const other = await programOf(api, { projectId: 'prj_second' });
    await create('here');
    expect((await other.call('GET', 'registered-models/get', { name: 'here' })).status).toBe(404);
    expect((await other.call('POST', 'registered-models/create', { name: 'here' })).status).toBe(200);
    expect((await other.call('GET', 'registered-models/search')).body.registered_models).toHaveLength(1);
  });
});

describe('tags and aliases', () => {
  it('of a model are set, changed and removed; removing again changes nothing', async () => {
    await create('tagged');
    for (const value of ['1', '2']) await post('set-tag', { name: 'tagged', key: 'mlflow.x/y', value });
    expect((await get('tagged')).tags).toEqual([{ key: 'mlflow.x/y', value: '2' }]);
    for (const _ of [1, 2]) {
      const gone = await mlflow.call('DELETE', 'registered-models/delete-tag', { name: 'tagged', key: 'mlflow.x/y' });
      expect(gone).toEqual({ status: 200, body: {} });
    }
    expect((await get('tagged')).tags).toBeUndefined();
  });

  it('an alias is Mallo’s own, with its history', async () => {
    const { modelId } = await registerFiles(api, { name: 'aliased' });
    await addVersion('aliased');
    expect(await post('alias', { name: 'aliased', alias: 'champion', version: '1' })).toEqual({
      status: 200,
      body: {},
    });
    await post('alias', { name: 'aliased', alias: 'champion', version: '2' });
    expect((await get('aliased')).aliases).toEqual(
      expect.arrayContaining([
        { alias: 'champion', version: '2' },
        { alias: 'rollback', version: '1' },
      ]),
    );
    const byAlias = await mlflow.call('GET', 'registered-models/alias', { name: 'aliased', alias: 'champion' });
    expect(byAlias.body).toMatchObject({
      model_version: { version: '2', current_stage: 'Production', aliases: ['champion'] },
    });
    const latest = await mlflow.call('GET', 'registered-models/alias', { name: 'aliased', alias: 'latest' });
    expect(latest.body).toMatchObject({ model_version: { version: '2' } });
    const changes = await api.owner.call(registryRoutes.aliasChanges, { params: { modelId } });
    expect(changes.map(({ action, by }) => [action, by])).toEqual([
      ['promote', 'Owner'],
      ['promote', 'Owner'],
      ['register', 'Owner'],
      ['register', 'Owner'],
    ]);
    for (const _ of [1, 2]) {
      const gone = await mlflow.call('DELETE', 'registered-models/alias', { name: 'aliased', alias: 'rollback' });
      expect(gone).toEqual({ status: 200, body: {} });
    }
    expect((await mlflow.call('GET', 'registered-models/alias', { name: 'aliased', alias: 'rollback' })).body).toEqual({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: 'Registered model alias rollback not found.',
    });
    await mlflow.call('DELETE', 'model-versions/delete', { name: 'aliased', version: '2' });
    const [last] = await api.owner.call(registryRoutes.aliasChanges, { params: { modelId } });
    expect(last).toMatchObject({ action: 'delete', by: 'Owner', reason: '', before: { champion: '1.1.0' }, after: {} });
  });

  it.each([
    ['latest', "'latest' alias name (case insensitive) is reserved."],
    ['v2', "Version alias name 'v2' is reserved."],
    ['__proto__', "Invalid alias name: '__proto__'. The name is reserved."],
    ['a b', "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."],
  ])('an alias is not named %s', async (alias, message) => {
    await registerFiles(api, { name: 'named' });
    const answer = await post('alias', { name: 'named', alias, version: '1' });
    expect(answer).toEqual({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message } });
  });

  it.each(['production', 'best', '2x'])('an alias of a program may be named %s', async (alias) => {
    await registerFiles(api, { name: 'own' });
    expect((await post('alias', { name: 'own', alias, version: '1' })).status).toBe(200);
    const found = await mlflow.call('GET', 'registered-models/alias', { name: 'own', alias });
    expect(found.body).toMatchObject({ model_version: { version: '1' } });
  });

  it('a gate stands before @champion here too', async () => {
    const first = await registerFiles(api, { name: 'gated', more: { metrics: { val_accuracy: 0.9 } } });
    await registerFiles(api, { name: 'gated', more: { metrics: { val_accuracy: 0.5 } } });
    await post('alias', { name: 'gated', alias: 'champion', version: '1' });
    const gates = [{ metric: 'val_accuracy', direction: 'max' as const, margin: 0 }];
    const body = { gates, reason: '', key: crypto.randomUUID() };
    await api.owner.call(registryRoutes.setGates, { params: { modelId: first.modelId }, body });
    const answer = await post('alias', { name: 'gated', alias: 'champion', version: '2' });
    expect(answer).toMatchObject({ status: 409, body: { error_code: 'RESOURCE_CONFLICT' } });
    const staged = await mlflow.call('POST', 'model-versions/transition-stage', {
      name: 'gated',
      version: '2',
      stage: 'Production',
    });
    expect(staged).toMatchObject({ status: 409, body: { error_code: 'RESOURCE_CONFLICT' } });
    expect((await get('gated')).aliases).toContainEqual({ alias: 'champion', version: '1' });
  });
});

describe('searching models', () => {
  beforeAll(async () => {
    for (const name of ['find-a', 'find-B', 'find-c', 'find_d', 'prompt-e']) {
      const tags = name === 'prompt-e' ? [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] : [];
      await create(name, { tags: [...tags, { key: 'kind', value: name.slice(-1) }] });
    }
  });

  it.each([
    ["name LIKE 'find%'", ['find-B', 'find-a', 'find-c', 'find_d']],
    ["name LIKE 'find-_'", ['find-B', 'find-a', 'find-c']],
    ["name ILIKE 'FIND-b'", ['find-B']],
    ["name = 'find-a'", ['find-a']],
    ["name != 'find-a' AND name LIKE 'find-%'", ['find-B', 'find-c']],
    ["name IN ('find-a', 'find_d')", ['find-a', 'find_d']],
    ["name NOT IN ('find-a') and name like 'find-%'", ['find-B', 'find-c']],
    ["tags.kind = 'c'", ['find-c']],
    ["tag.kind != 'c' AND name LIKE 'find%'", ['find-B', 'find-a', 'find_d']],
    ["tags.`kind` ILIKE 'b'", ['find-B']],
    ["tags.none != 'x'", []],
    ["tags.`mlflow.prompt.is_prompt` = 'true'", ['prompt-e']],
    ["name LIKE 'prompt%'", []],
  ])('%s', async (filter, names) => expect((await search({ filter })).names).toEqual(names));

  it('goes through pages, in the order asked for', async () => {
    const filter = "name LIKE 'find%'";
    const first = await search({ filter, max_results: 3, order_by: 'name DESC' });
    expect(first.names).toEqual(['find_d', 'find-c', 'find-a']);
    const second = await search({ filter, max_results: 3, order_by: 'name DESC', page_token: first.token });
    expect([second.names, second.token]).toEqual([['find-B'], undefined]);
    expect((await search({ filter, order_by: ['timestamp DESC', 'name'] })).names).toEqual([
      'find_d',
      'find-c',
      'find-B',
      'find-a',
    ]);
  });

  it.each([
    [{ filter: "foo = 'a'" }, "Invalid attribute key 'foo' specified. Valid keys are '{'name'}'"],
    [{ filter: "name > 'a'" }, 'Invalid comparator for attribute: >'],
    [{ filter: 'name = a' }, expect.stringContaining('either not quoted or unidentified quote')],
    [{ filter: "run.x = 'a'" }, expect.stringContaining("Invalid entity type 'run'")],
    [{ filter: "name = 'a' OR name = 'b'" }, expect.stringContaining('Invalid clause(s) in filter string')],
    [{ order_by: 'foo' }, "Invalid order by key 'foo' specified. Valid keys are '{'name', 'timestamp'}'"],
    [{ max_results: '2000' }, expect.stringContaining(`Invalid value "2000" for parameter 'max_results' supplied`)],
    [{ page_token: '%%' }, expect.stringContaining('Invalid page token')],
  ])('refuses %j', async (form, message) => {
    expect(await search(form)).toMatchObject({ status: 400, message });
  });

  it('nothing of a filter is read as SQL', async () => {
    expect((await search({ filter: `name = 'x''); DROP TABLE mallo.projects; --'` })).names).toEqual([]);
    expect((await search({ filter: `tags."a') IS NULL; --" = 'b'` })).names).toEqual([]);
    expect((await search({ filter: "name = 'find-a'" })).names).toEqual(['find-a']);
  });
});
