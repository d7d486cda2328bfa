import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClassificationPrediction, Predictions, projectRoutes, registryRoutes } from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { halfClassifier, onnxClassifier } from '../testing/model-files.js';
import { programOf } from '../testing/program.js';
import { registerFiles } from '../testing/uploads.js';

const COLOURS = ['red', 'green', 'blue'];
const ANY_NUMBER = onnxClassifier(8, [], 'images');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

function register(name: string, onnx: Buffer) {
  return registerFiles(api, { name, files: { 'model.onnx': onnx }, more: { classNames: COLOURS } });
}

function plain(red: number, green: number, blue: number): Promise<Buffer> {
  return sharp({ create: { width: 9, height: 5, channels: 3, background: { r: red, g: green, b: blue } } })
    .png()
    .toBuffer();
}

/** Sends a body as any program would. */
async function post(
  name: string,
  ref: string,
  body: RequestInit['body'],
  query: Record<string, string> = {},
  more: Record<string, string> = {},
): Promise<Response> {
  const path = `/api/v1/models/${encodeURIComponent(name)}/${ref}/predict?${new URLSearchParams(query)}`;
  const headers = { authorization: `Bearer ${api.owner.accessToken}`, ...more };
  return fetch(api.url + path, { method: 'POST', headers, body });
}

async function answers(response: Response): Promise<ClassificationPrediction[]> {
  expect(response.status).toBe(200);
  const { predictions } = Predictions.parse(await response.json());
  return predictions.map((one) => ClassificationPrediction.parse(one));
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

function form(images: Buffer[]): FormData {
  const all = new FormData();
  for (const [at, image] of images.entries()) all.append('image', new Blob([new Uint8Array(image)]), `${at}.png`);
  return all;
}

const bytes = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const shares = ({ classes }: ClassificationPrediction) =>
  COLOURS.map((name) => classes.find((one) => one.name === name)?.confidence ?? Number.NaN);

describe('asking a model by its name', () => {
  it('answers for what the reference means now, and says which version that is', async () => {
    const { modelId } = await register('색 분류/3', ANY_NUMBER);
    const ask = async (ref: string) => post('색 분류/3', ref, await plain(0, 0, 9));
    expect(await codeOf(await ask('@champion'))).toBe('model.alias_unknown');
    await api.owner.call(registryRoutes.promote, { params: { modelId }, body: { key: crypto.randomUUID() } });
    for (const ref of ['@champion', 'champion', 'latest', '1.0.0', 'v1']) {
      const answer = Predictions.parse(await (await ask(ref)).json());
      expect(answer).toMatchObject({ modelId, modelName: '색 분류/3', version: '1.0.0' });
      expect(answer.predictions).toHaveLength(1);
    }
    expect(await codeOf(await ask('2.0.0'))).toBe('model.version_unknown');
  });

  it('answers for what an alias means at that moment, however it moves', async () => {
    const otherNames = (name: string) =>
      registerFiles(api, {
        name,
        files: { 'model.onnx': ANY_NUMBER },
        more: { classNames: ['first', 'second', 'third'] },
      });
    const { modelId } = await register('moving', ANY_NUMBER);
    await otherNames('moving');
    const image = await plain(250, 0, 0);
    const ask = async () => {
      const [{ version, predictions }] = [Predictions.parse(await (await post('moving', '@live', image)).json())];
      const [one] = predictions.map((prediction) => ClassificationPrediction.parse(prediction));
      return `${version} ${one?.classes[0]?.name}`;
    };
    const point = (version: string) => {
      const body = { version, alias: 'live', key: crypto.randomUUID() };
      return api.owner.call(registryRoutes.promote, { params: { modelId }, body });
    };
    for (const [version, said] of [
      ['1.0.0', '1.0.0 red'],
      ['1.1.0', '1.1.0 first'],
      ['1.0.0', '1.0.0 red'],
    ] as const) {
      await point(version);
      // The second of each is what was expected.
      expect([await ask(), await ask()]).toEqual([said, said]);
    }
    const body = { key: crypto.randomUUID() };
    await api.owner.call(registryRoutes.removeAlias, { params: { modelId, alias: 'live' }, body });
    expect(await codeOf(await post('moving', '@live', image))).toBe('model.alias_unknown');
    await point('1.1.0');
    expect(await ask()).toBe('1.1.0 first');
  });

  it('asks which project is meant where two have a model of that name', async () => {
    await register('twice', ANY_NUMBER);
    const other = await api.owner.call(projectRoutes.create, { body: { name: 'Dogs' } });
    await registerFiles(
      { ...api, projectId: other.id },
      { name: 'twice', files: { 'model.onnx': ANY_NUMBER }, more: { classNames: COLOURS } },
    );
    const image = await plain(9, 0, 0);
    expect(await codeOf(await post('twice', 'latest', image))).toBe('model.ambiguous');
    expect((await post('twice', 'latest', image, { project: other.id })).status).toBe(200);
  });

  it('means the model of the project that its token stands for', async () => {
    const here = await register('shared', ANY_NUMBER);
    const other = await api.owner.call(projectRoutes.create, { body: { name: 'Birds' } });
    const there = await registerFiles(
      { ...api, projectId: other.id },
      { name: 'shared', files: { 'model.onnx': ANY_NUMBER }, more: { classNames: COLOURS } },
    );
    const image = await plain(9, 0, 0);
    const [mine, its] = [await programOf(api), await programOf(api, { projectId: other.id })];
    // Twice each: the second is what was expected.
    for (const { token, modelId } of [
      { token: mine.token, modelId: here.modelId },
      { token: its.token, modelId: there.modelId },
      { token: mine.token, modelId: here.modelId },
      { token: its.token, modelId: there.modelId },
    ]) {
      const answer = await post('shared', 'latest', image, {}, { authorization: `Bearer ${token}` });
      expect(await answer.json()).toMatchObject({ modelId });
    }
    const authorization = `Bearer ${its.token}`;
    const asked = await post('shared', 'latest', image, { project: here.projectId }, { authorization });
    expect(await asked.json()).toMatchObject({ modelId: here.modelId });
  });

  // What curl says of --data-binary, of which nothing is true, and what others do.
  it.each(['application/x-www-form-urlencoded', 'text/plain', 'image/jpeg', 'application/octet-stream'])(
    'finds the kind of an image in its bytes, not in %s',
    async (type) => {
      const { modelId, version } = await register('by curl', ANY_NUMBER);
      const jpeg = new Uint8Array(
        await sharp(await plain(250, 0, 0))
          .jpeg()
          .toBuffer(),
      );
      const headers = { 'content-type': type };
      const [said] = await answers(await post('by curl', 'latest', jpeg, {}, headers));
      expect(said?.classes[0]?.name).toBe('red');
      const one = await fetch(`${api.url}/api/v1/models/${modelId}/versions/${version}/predict`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${api.owner.accessToken}` },
        body: jpeg,
      });
      expect(ClassificationPrediction.parse(await one.json()).classes[0]?.name).toBe('red');
    },
  );

  it('answers the very line of the documentation', async ({ skip }) => {
    skip(spawnSync('curl', ['--version']).status !== 0, 'there is no curl here');
    const { modelId } = await register('documented', ANY_NUMBER);
    await api.owner.call(registryRoutes.promote, { params: { modelId }, body: { key: crypto.randomUUID() } });
    const image = join(api.home, 'red.png');
    await writeFile(image, await plain(250, 0, 0));
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '-H', `Authorization: Bearer ${api.owner.accessToken}`, '--data-binary', `@${image}`],
      `${api.url}/api/v1/models/documented/@champion/predict`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ modelId, predictions: [{ classes: [{ name: 'red' }, {}, {}] }] });
  });

  it('is for its owner only', async () => {
    await register('mine', ANY_NUMBER);
    const answer = await fetch(`${api.url}/api/v1/models/mine/latest/predict`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(401);
  });
});

describe('several images in one request', () => {
  it('are answered in their order', async () => {
    await register('several', ANY_NUMBER);
    const images = await Promise.all([plain(255, 0, 0), plain(0, 255, 0), plain(0, 0, 255), plain(250, 0, 0)]);
    const found = await answers(await post('several', 'latest', form(images)));
    expect(found.map(({ classes }) => classes[0]?.name)).toEqual(['red', 'green', 'blue', 'red']);
  });

  it('are refused when one is no image, when there is none, and when there are more than 64', async () => {
    await register('strict', ANY_NUMBER);
    const image = await plain(1, 2, 3);
    expect(await codeOf(await post('strict', 'latest', form([image, Buffer.from('text')])))).toBe('image.unreadable');
    expect(await codeOf(await post('strict', 'latest', form([])))).toBe('request.invalid');
    expect(await codeOf(await post('strict', 'latest', form(Array(65).fill(image))))).toBe('request.too_large');
    const broken = new Blob([new Uint8Array(image)], { type: 'multipart/form-data; boundary=x' });
    expect(await codeOf(await post('strict', 'latest', broken))).toBe('request.invalid');
    expect(await codeOf(await post('strict', 'latest', JSON.stringify({}), { shape: 'x' }))).toBe('request.invalid');
  });
});

describe('numbers instead of an image', () => {
  /** An image of three planes, each of one value. */
  const planes = (values: number[]) => values.flatMap((value) => Array<number>(64).fill(value));
  const softmax = (values: number[]) => {
    const powers = values.map(Math.exp);
    return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
  };

  it('go to the model as they are, one image or several', async () => {
    await register('numbers', ANY_NUMBER);
    const images = [
      [0.5, -1, 2],
      [3, 0.25, -0.5],
    ];
    for (const some of [images.slice(0, 1), images]) {
      const shape = `${some.length},3,8,8`;
      const found = await answers(await post('numbers', '1.0.0', bytes(some.flatMap(planes)), { shape }));
      expect(found.map(shares)).toEqual(some.map((one) => softmax(one).map((value) => expect.closeTo(value, 6))));
      expect(found[0]).toMatchObject({
        preprocessing: 'sender',
        image: { width: 8, height: 8 },
        batchSize: some.length,
      });
    }
  });

  it('are refused when they are not what the model reads', async () => {
    await register('exact', onnxClassifier());
    const numbers = planes([1, 2, 3]);
    const cases = [
      [numbers, '1,3,8,9'],
      [numbers.slice(1), '1,3,8,8'],
      [[...numbers, ...numbers], '2,3,8,8'],
      [numbers, '192'],
      [numbers, '1,3,8,-8'],
    ] as const;
    for (const [values, shape] of cases) {
      expect(await codeOf(await post('exact', 'latest', bytes([...values]), { shape }))).toBe('request.invalid');
    }
    expect((await post('exact', 'latest', bytes(numbers), { shape: '1,3,8,8' })).status).toBe(200);
  });
});

describe('requests at the same moment', () => {
  const colours = Array.from({ length: 12 }, (_, at) => [at * 20, 255 - at * 13, (at * 97) % 256] as const);

  it('are computed together, with the same answers as alone', async () => {
    await register('together', ANY_NUMBER);
    const images = await Promise.all(colours.map((colour) => plain(...colour)));
    const alone: ClassificationPrediction[] = [];
    for (const image of images) alone.push(...(await answers(await post('together', 'latest', image))));
    const all = await Promise.all(images.map((image) => post('together', 'latest', image).then(answers)));
    expect(all.flat().map(shares)).toEqual(alone.map((one) => shares(one).map((share) => expect.closeTo(share, 5))));
    const [together] = [await answers(await post('together', 'latest', form(images)))];
    expect(together.map(shares)).toEqual(alone.map((one) => shares(one).map((share) => expect.closeTo(share, 5))));
    expect(alone.every(({ batchSize }) => batchSize === 1)).toBe(true);
    expect(
      Math.max(...all.flat().map(({ batchSize }) => batchSize), ...together.map((one) => one.batchSize)),
    ).toBeGreaterThan(1);
  });

  it('are computed one by one where the model takes one', async () => {
    await register('one by one', onnxClassifier());
    const images = await Promise.all(colours.map((colour) => plain(...colour)));
    const found = await answers(await post('one by one', 'latest', form(images)));
    expect(found.every(({ batchSize }) => batchSize === 1)).toBe(true);
  });
});

describe('large bodies', () => {
  it('are each answered for themselves, one after the other and many at once', async () => {
    await register('large', onnxClassifier(200, [], 'images'));
    const ask = async (at: number) => {
      const values = [at, 0, 11 - at].flatMap((value) => new Array<number>(40_000).fill(value));
      const [one] = await answers(await post('large', 'latest', bytes(values), { shape: '1,3,200,200' }));
      return one?.classes.map(({ name, confidence }) => [name, confidence.toFixed(4)]);
    };
    const places = Array.from({ length: 12 }, (_, at) => at);
    const alone: unknown[] = [];
    for (const at of places) alone.push(await ask(at));
    expect(new Set(alone.map((one) => JSON.stringify(one))).size).toBe(places.length);
    for (let round = 0; round < 4; round += 1) expect(await Promise.all(places.map(ask))).toEqual(alone);
  });
});

describe('a model of half precision', () => {
  it('is asked with images, and with numbers of two bytes as it reads them', async () => {
    await register('halves', halfClassifier());
    await register('wholes', ANY_NUMBER);
    const image = await plain(200, 120, 40);
    const [half] = await answers(await post('halves', 'latest', image));
    const [whole] = await answers(await post('wholes', 'latest', image));
    expect(shares(half as ClassificationPrediction)).toEqual(
      shares(whole as ClassificationPrediction).map((share) => expect.closeTo(share, 2)),
    );
    const values = [2, 1, 0].flatMap((value) => new Array<number>(64).fill(value));
    const numbers = new Uint8Array(Float16Array.from([...values, ...values]).buffer);
    const both = await answers(await post('halves', 'latest', numbers, { shape: '2,3,8,8' }));
    const total = Math.exp(2) + Math.exp(1) + 1;
    for (const one of both) {
      expect(shares(one)).toEqual([2, 1, 0].map((value) => expect.closeTo(Math.exp(value) / total, 2)));
    }
    expect(both).toHaveLength(2);
    const refused = await post('halves', 'latest', bytes(values), { shape: '1,3,8,8' });
    expect(await codeOf(refused)).toBe('request.invalid');
  });
});
