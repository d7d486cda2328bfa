import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderSource } from './folder-source.js';
import { GatheredReport } from './report.js';
import type { SourceRun } from './source.js';

const RUN = '12345678e90123456789012345678901';

let root: string;
let report: GatheredReport;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mallo-mlruns-'));
  report = new GatheredReport();
  await put('0/meta.yaml', 'name: Default\nlifecycle_stage: active\ncreation_time: 5\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** A run as MLflow writes it. An id like this one is a number in YAML 1.2. */
async function putRun(change = ''): Promise<void> {
  const lines = ['artifact_uri: file:///elsewhere/0/x/artifacts', `run_id: ${RUN}`, 'run_name: "null"', 'user_id: 007'];
  await put(`0/${RUN}/meta.yaml`, [...lines, 'status: 3', 'start_time: 10', 'end_time: null', change].join('\n'));
}

async function listed<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of list) all.push(one);
  return all;
}

async function opened(): Promise<FolderSource> {
  return FolderSource.open(root, [], report);
}

async function theRun(source: FolderSource): Promise<SourceRun> {
  const [experiment] = await listed(source.experiments());
  const [run] = await listed(source.runs(experiment as NonNullable<typeof experiment>));
  return run as SourceRun;
}

test('texts stay what they are, whatever YAML would make of them', async () => {
  await putRun();
  await put(`0/${RUN}/params/a/b`, 'line\r\n\n');
  const run = await theRun(await opened());
  expect(run).toMatchObject({ id: RUN, name: 'null', user: '007', status: 'completed', startedMs: 10, endedMs: null });
  expect(run.params).toEqual([{ key: 'a/b', value: 'line\r\n\n' }]);
  expect(report.lines('en')).toEqual([]);
});

test('reads points of every age, and says which lines are none', async () => {
  await putRun();
  await put(
    `0/${RUN}/metrics/m/x`,
    '1 2.5\n2 nan 7\n3 -inf -1\n4 1e400 1\n5 inf 3 name of data 1f\n\nfive 1 1\n6 1 99999999999999999999\n-1 1 1\n',
  );
  const source = await opened();
  const points = await listed(source.points(await theRun(source), () => false));
  expect(points).toEqual([
    { key: 'm/x', timeMs: 1, value: 2.5, step: 0 },
    { key: 'm/x', timeMs: 2, value: Number.NaN, step: 7 },
    { key: 'm/x', timeMs: 3, value: Number.NEGATIVE_INFINITY, step: -1 },
    { key: 'm/x', timeMs: 5, value: Number.POSITIVE_INFINITY, step: 3 },
  ]);
  expect(report.lines('en').join()).toContain(`${RUN} metrics/m/x: 4 lines are no points`);
});

test('does not read a curve of which all is there', async () => {
  await putRun();
  await put(`0/${RUN}/metrics/a`, '1 1 1\n2 2 2\n');
  await put(`0/${RUN}/metrics/b`, '1 1 1\n');
  const source = await opened();
  const points = await listed(source.points(await theRun(source), (key, count) => key === 'a' && count === 2));
  expect(points.map(({ key }) => key)).toEqual(['b']);
});

test('passes over a run whose meta.yaml is broken, and reads the others', async () => {
  await putRun();
  await put('0/broken/meta.yaml', 'a: [');
  await put('0/odd/meta.yaml', 'status: 9\n');
  const source = await opened();
  expect((await theRun(source)).id).toBe(RUN);
  const lines = report.lines('ko').join('\n');
  expect(lines).toContain('0/broken: 읽을 수 없어 건너뛰었습니다');
  expect(lines).toContain('0/odd: 읽을 수 없어 건너뛰었습니다');
});

test('reads files of the run and follows no link', async () => {
  await putRun();
  await put(`0/${RUN}/artifacts/a/b.txt`, 'b');
  await put('secret', 'secret');
  await symlink(join(root, 'secret'), join(root, '0', RUN, 'artifacts', 'link'));
  await symlink(root, join(root, '0', RUN, 'artifacts', 'folder'));
  const source = await opened();
  await theRun(source);
  const files = await listed(source.files({ kind: 'run', id: RUN }));
  expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([['a/b.txt', 1]]);
  expect(await text(await (files[0] as NonNullable<(typeof files)[0]>).open())).toBe('b');
  expect(report.lines('en').join()).toContain(`${RUN} link: is a link`);
});

test('files elsewhere on the machine are not read, and it is told', async () => {
  const other = await mkdtemp(join(tmpdir(), 'mallo-other-'));
  await putRun(`artifact_uri_note: x`);
  await put(`0/${RUN}/meta.yaml`, `status: 3\nartifact_uri: file://${other}/artifacts\n`);
  await mkdir(join(other, 'artifacts'));
  await writeFile(join(other, 'artifacts', 'key'), 'private');
  const source = await opened();
  await theRun(source);
  expect(await listed(source.files({ kind: 'run', id: RUN }))).toEqual([]);
  expect(report.lines('en').join()).toContain('Its files are not here');
  // The folder in which they are was given.
  const given = await FolderSource.open(root, [dirname(other)], report);
  await theRun(given);
  expect((await listed(given.files({ kind: 'run', id: RUN }))).map(({ path }) => path)).toEqual(['key']);
  await rm(other, { recursive: true });
});

test('leaves deleted versions out, and has prompts among the models', async () => {
  await put('models/pets/meta.yaml', 'name: pets\ncreation_timestamp: 1\ndescription: null\n');
  await put(
    'models/pets/version-2/meta.yaml',
    'version: 2\ncurrent_stage: Staging\nsource: models:/m-1\nrun_id: null\n',
  );
  await put('models/pets/version-10/meta.yaml', 'version: 10\ncurrent_stage: None\nsource: s3://x\n');
  await put('models/pets/version-3/meta.yaml', 'version: 3\ncurrent_stage: Deleted_Internal\n');
  await put('models/pets/aliases/champion', '10');
  await put('models/say/meta.yaml', 'name: say\n');
  await put('models/say/tags/mlflow.prompt.is_prompt', 'true');
  const [pets, say] = await listed((await opened()).registeredModels());
  expect(say).toMatchObject({ name: 'say', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }], versions: [] });
  expect(pets).toMatchObject({
    name: 'pets',
    description: '',
    createdMs: 1,
    aliases: [{ name: 'champion', number: 10 }],
  });
  expect(pets?.versions.map(({ number, stage, runId }) => [number, stage, runId])).toEqual([
    [2, 'Staging', ''],
    [10, null, ''],
  ]);
  expect(report.lines('en')).toEqual([]);
});
