import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError, type Client } from '@mallo/client';
import {
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  type ErrorCode,
  projectRoutes,
  runRoutes,
} from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningMallo } from './system/mallo.ts';
import { ended, projectWithDigits, SENTENCE, say } from './system/training.ts';
import { picture, zipOf } from './system/zip.ts';

let mallo: RunningMallo;
let client: Client;

beforeAll(async () => {
  // A disk that fills up: uploads beyond this are refused as too large, a full tmpfs is tried beside the code.
  mallo = await RunningMallo.start({ MALLO_UNPACKED_LIMIT_BYTES: '3000000' });
  client = await mallo.client();
});

afterAll(async () => {
  await mallo?.[Symbol.asyncDispose]();
});

/** Files of datasets and half-received uploads that are on the disk. */
function leftOnDisk(): string[] {
  return ['datasets', 'incoming'].flatMap((name) => {
    const folder = join(mallo.home, 'objects', name);
    return existsSync(folder) ? readdirSync(folder) : [];
  });
}

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected a refusal, got ${error}`);
  expect(error.messages.ko).toMatch(/\p{Script=Hangul}/u);
  expect(error.messages.en).toMatch(/[a-z]/);
  expect(JSON.stringify(error.messages)).not.toMatch(/at .*\.js|node_modules/);
  return error;
}

describe('an upload is refused whole:', () => {
  let projectId: string;
  beforeAll(async () => {
    projectId = (await client.call(projectRoutes.create, { body: { name: 'uploads' } })).id;
  });

  const uploads: [string, ErrorCode, () => Promise<Buffer>][] = [
    ['a zip that is not a zip', 'dataset.not_a_zip', async () => Buffer.from('PK is how it begins, but no zip')],
    ['a zip bomb', 'dataset.zip_bomb', async () => zipOf({ 'a/x.png': Buffer.alloc(60_000_000), 'b/y.png': 'y' })],
    ['a zip without images', 'dataset.no_images', async () => zipOf({ 'a/readme.txt': 'hello', 'b/notes.md': 'hi' })],
    [
      'a zip with one class',
      'dataset.one_class',
      async () => zipOf({ 'cat/1.png': await picture(200, 0, 0), 'cat/2.png': await picture(0, 200, 0) }),
    ],
    [
      'images that are all text',
      'dataset.no_images',
      async () => zipOf({ 'cat/1.png': 'not a picture', 'dog/1.jpg': 'nor is this' }),
    ],
    [
      'a name that leaves its folder',
      'dataset.unsafe_path',
      async () => {
        const zip = await zipOf({ 'aa/aa/evil.png': await picture(1, 2, 3), 'b/1.png': await picture(3, 2, 1) });
        // yazl refuses to write such a name, so it is put in afterwards, at the same length.
        return Buffer.from(zip.toString('latin1').replaceAll('aa/aa/evil.png', '../../evil.png'), 'latin1');
      },
    ],
  ];

  test.each(uploads)('%s', async (_what, code, make) => {
    const upload = client.upload(
      datasetRoutes.upload,
      { params: { projectId }, query: { name: 'bad' } },
      new Blob([new Uint8Array(await make())]),
    );
    expect((await refusal(upload)).code).toBe(code);
    expect(await client.call(datasetRoutes.list, { params: { projectId } })).toEqual([]);
    expect(leftOnDisk()).toEqual([]);
  });

  test('an image that is text is left out and named', async () => {
    const zip = await zipOf({
      'cat/1.png': await picture(200, 0, 0),
      'cat/broken.png': 'text',
      'dog/1.png': await picture(0, 0, 200),
    });
    const place = { params: { projectId }, query: { name: 'mostly good' } };
    const dataset = await client.upload(datasetRoutes.upload, place, new Blob([new Uint8Array(zip)]));
    expect(dataset.version.imageCount).toBe(2);
    expect(dataset.version.problems).toContainEqual({ kind: 'corrupt_image', path: 'cat/broken.png' });
  });
});

describe('a sentence', () => {
  let projectId: string;
  beforeAll(async () => {
    projectId = await projectWithDigits(client, 'sentences');
  });

  test('with a model that does not exist is answered with the three nearest names', async () => {
    const { messages, configs } = await say(client, projectId, 'train resnet181 on digits');
    expect(configs).toEqual([]);
    const parts = messages.at(-1)?.parts ?? [];
    const question = parts.find((part) => part.type === 'questions')?.questions[0];
    expect(question?.field).toBe('modelName');
    expect(question?.options).toHaveLength(3);
    expect(question?.options).toContain('resnet18');
  });

  test('with 10⁹ epochs is asked about, not used', async () => {
    const { messages, configs } = await say(client, projectId, 'train resnet18 on digits, 1000000000 epochs');
    expect(configs).toEqual([]);
    const parts = messages.at(-1)?.parts ?? [];
    const question = parts.find((part) => part.type === 'questions')?.questions[0];
    expect(question?.field).toBe('hyperparameters.epochs');
  });

  test('of 1 MB is refused, and nothing of it is kept', async () => {
    const { id: conversationId } = await client.call(conversationRoutes.create, { params: { projectId } });
    const body = { text: '가나다 '.repeat(100_000), clientId: crypto.randomUUID() };
    const error = await refusal(client.call(conversationRoutes.send, { params: { conversationId }, body }));
    expect(error.status).toBe(413);
    expect((await client.call(conversationRoutes.get, { params: { conversationId } })).messages).toEqual([]);
  });

  test('started twice at the same moment is trained once', async () => {
    const { configs } = await say(client, projectId, SENTENCE.replace('3 epochs', '1 epoch'));
    const card = configs[0];
    if (!card) throw new Error('no card');
    const start = () => client.call(configRoutes.start, { params: { configId: card.id }, body: { hash: card.hash } });
    const started = await Promise.all([start(), start(), start(), start()]);
    expect(new Set(started.map(({ runId }) => runId)).size).toBe(1);
    expect(await client.call(runRoutes.list, { params: { projectId } })).toHaveLength(1);
    const [first] = started;
    expect((await ended(client, first?.runId ?? '')).status).toBe('completed');
  });

  test('whose card was changed meanwhile is not started as it was', async () => {
    const { configs } = await say(client, projectId, SENTENCE);
    const card = configs[0];
    if (!card) throw new Error('no card');
    await client.call(configRoutes.edit, { params: { configId: card.id }, body: { hyperparameters: { epochs: 7 } } });
    const start = client.call(configRoutes.start, { params: { configId: card.id }, body: { hash: card.hash } });
    expect((await refusal(start)).code).toBe('request.conflict');
  });

  test('cannot be given a value on its card with which nothing can be trained', async () => {
    const { configs } = await say(client, projectId, SENTENCE);
    const edit = (body: object) => client.call(configRoutes.edit, { params: { configId: configs[0]?.id ?? '' }, body });
    expect((await refusal(edit({ hyperparameters: { epochs: 1e9 } }))).code).toBe('request.invalid');
    const unknown = await refusal(edit({ modelName: 'resnet181' }));
    expect(unknown.code).toBe('model.unknown');
    expect(unknown.messages.en).toContain('resnet18');
    expect((await refusal(edit({ modelName: 'yolov8n' }))).code).toBe('model.not_trainable_yet');
    expect((await refusal(edit({ hyperparameters: { warmupEpochs: 3 } }))).code).toBe('config.warmup_too_long');
  });
});
