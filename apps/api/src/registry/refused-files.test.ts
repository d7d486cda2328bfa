import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiError, createClient } from '@mallo/client';
import { type ErrorBody, projectRoutes, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import {
  externalTensor,
  graphAttribute,
  onnxClassifier,
  onnxNode,
  protobufField,
  pytorchZip,
  safetensors,
  tensorAttribute,
} from '../testing/model-files.js';
import { registerFiles, upload, type Wish } from '../testing/uploads.js';
import { type Contents, makeZip, renameInZip } from '../testing/zip.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ MALLO_UNPACKED_LIMIT_BYTES: 5_000_000 });
});
afterAll(() => api.close());
// Whatever a test did: no pickle was opened.
afterEach(() => expect(existsSync('/tmp/mallo-was-unpickled')).toBe(false));

const register = (wish: Wish) => registerFiles(api, wish);
const zipped = async (contents: Contents, options = {}) => ({ 'model.zip': await makeZip(contents, options) });
const incoming = () => readdir(join(api.home, 'objects', 'incoming'));

describe('what cannot be registered is refused, and leaves nothing', () => {
  const onnx = onnxClassifier();
  const foreign = (location: string) => onnxClassifier(8, [protobufField(5, externalTensor(location))]);
  const hidden = (attribute: Buffer) =>
    onnxClassifier(8, [onnxNode({ op: 'Constant', inputs: [], output: 'c', attributes: [attribute] })]);
  const inner = [onnxNode({ op: 'Magic', inputs: [], output: 'm', domain: 'my.company' })];
  const weights = safetensors();
  const doubled = 'aa/../../model.onnx';

  const cases: [what: string, files: () => Promise<Record<string, Buffer>> | Record<string, Buffer>, code: string][] = [
    ['an empty file', () => ({ 'model.onnx': Buffer.alloc(0) }), 'model.file_empty'],
    ['a picture', () => ({ 'cat.png': Buffer.from('89504e470d0a1a0a', 'hex') }), 'model.file_unsupported'],
    ['text named .onnx', () => ({ 'model.onnx': Buffer.from('this is no ONNX file') }), 'model.file_mismatch'],
    ['PyTorch named .onnx', async () => ({ 'model.onnx': await pytorchZip() }), 'model.file_mismatch'],
    ['ONNX named .pth', () => ({ 'model.pth': onnx }), 'model.file_mismatch'],
    ['ONNX named .safetensors', () => ({ 'model.safetensors': onnx }), 'model.file_mismatch'],
    ['ONNX named .zip', () => ({ 'model.zip': onnx }), 'model.file_mismatch'],
    ['a zip named .pth', async () => ({ 'model.pth': await makeZip({ 'a.txt': 'x' }) }), 'model.file_mismatch'],
    ['weights named .torchscript', async () => ({ 'm.torchscript': await pytorchZip() }), 'model.file_mismatch'],
    ['a bare pickle', () => ({ 'model.pth': Buffer.from("cos\nsystem\n(S'true'\ntR.") }), 'model.file_mismatch'],
    ['half an ONNX file', () => ({ 'model.onnx': onnx.subarray(0, onnx.length - 20) }), 'model.file_damaged'],
    ['half of safetensors', () => ({ 'm.safetensors': weights.subarray(0, weights.length - 1) }), 'model.file_damaged'],
    [
      'more than safetensors say',
      () => ({ 'm.safetensors': Buffer.concat([weights, Buffer.alloc(4)]) }),
      'model.file_damaged',
    ],
    ['safetensors that overlap', () => ({ 'm.safetensors': safetensors([1], { shape: [2] }) }), 'model.file_damaged'],
    ['half a .pth', async () => ({ 'model.pth': (await pytorchZip()).subarray(0, 300) }), 'model.file_damaged'],
    ['weights in /etc', () => ({ 'model.onnx': foreign('/etc/passwd') }), 'model.external_data_outside'],
    ['weights outside', () => ({ 'model.onnx': foreign('../../secrets.json') }), 'model.external_data_outside'],
    ['weights that are missing', () => ({ 'model.onnx': foreign('model.onnx.data') }), 'model.external_data'],
    [
      'weights outside, in an attribute',
      () => ({ 'model.onnx': hidden(tensorAttribute(externalTensor('/etc/shadow'))) }),
      'model.external_data_outside',
    ],
    ['operators of somebody’s own', () => ({ 'model.onnx': onnxClassifier(8, inner) }), 'model.custom_operators'],
    [
      'an operator that ONNX does not have',
      () => ({ 'model.onnx': onnxClassifier(8, [onnxNode({ op: 'Frobnicate', inputs: [], output: 'm' })]) }),
      'model.custom_operators',
    ],
    ['such an operator in a branch', () => ({ 'model.onnx': hidden(graphAttribute(inner)) }), 'model.custom_operators'],
    ['a zip without a model', () => zipped({ 'readme.md': 'hi', 'cat.jpg': 'x' }), 'model.file_unsupported'],
    ['a zip with an empty model', () => zipped({ 'model.onnx': '' }), 'model.file_empty'],
    ['a zip that blows up', () => zipped({ 'model.onnx': onnx, zeros: Buffer.alloc(6_000_000) }), 'dataset.zip_bomb'],
    [
      'a zip that leads out of its folder',
      async () => ({
        'model.zip': renameInZip(
          await makeZip({ 'aa/bb/cc/model.onnx': onnx }),
          'aa/bb/cc/model.onnx',
          Buffer.from(doubled),
        ),
      }),
      'dataset.unsafe_path',
    ],
    [
      'a zip with a file without a name',
      async () => ({
        'model.zip': renameInZip(await makeZip({ y: 'x', 'model.onnx': onnx }), 'y', Buffer.from('.')),
      }),
      'dataset.unnamed_file',
    ],
    ['a zip with a name that is too long', () => zipped({ [`${'a'.repeat(201)}.onnx`]: onnx }), 'model.file_name_long'],
    [
      'a zip with a link',
      () => zipped({ 'model.onnx': onnx, etc: '/etc' }, { mode: 0o120777 }),
      'dataset.special_file',
    ],
    [
      'two files of one name',
      async () => ({ 'model.onnx': onnx, 'model.zip': await makeZip({ 'model.onnx': onnx }) }),
      'model.file_names',
    ],
  ];

  it.each(cases)('%s', async (_what, files, code) => {
    const [versions, blobs] = [await api.database.modelVersion.count(), await api.database.modelArtifact.count()];
    await expect(register({ name: 'refused', files: await files() })).rejects.toMatchObject({ code });
    expect(await api.database.registeredModel.count({ where: { name: 'refused' } })).toBe(0);
    expect([await api.database.modelVersion.count(), await api.database.modelArtifact.count()]).toEqual([
      versions,
      blobs,
    ]);
    expect(await incoming()).toEqual([]);
  });

  it('a zip whose bytes were altered', async () => {
    const zip = await makeZip({ 'weights.bin': 'the weights of it', 'model.onnx': onnx }, { compress: false });
    zip[zip.indexOf('the weights')] = 0x54;
    await expect(register({ files: { 'model.zip': zip } })).rejects.toMatchObject({
      code: 'model.file_damaged',
      params: { file: 'weights.bin' },
    });
  });

  it.each([
    ['no name', { name: '  ' }],
    ['a path', { name: '/..' }],
    ['a path in a name', { name: 'models/../../etc' }],
    ['10,000 characters', { name: 'a'.repeat(10_000) }],
    ['control characters', { name: 'a\u0000b' }],
    ['an emoji', { name: 'cat 🐱' }],
    ['an emoji in text form', { name: 'cat ❤' }],
    ['a character without width', { name: 'ca\u200bt' }],
    ['a change of direction', { name: 'cat\u202egnp' }],
    ['half an emoji', { name: 'cat \ud83d' }],
    ['figures that are none', { metrics: { accuracy: 'high' } }],
    ['a figure that is no number', { metrics: '{"accuracy": NaN}' }],
    ['a shape of nothing', { inputShape: [1, 0] }],
    ['one class', { classNames: ['cat'] }],
    ['a memo with a NUL', { memo: 'a\u0000' }],
    ['a file with a folder', { files: [{ uploadId: 'upl_1', name: '../model.onnx' }] }],
    ['no files', { files: [] }],
    ['what nobody knows', { colour: 'red' }],
  ])('%s', async (_what, more) => {
    await expect(register({ more })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('NaN among the figures, which is not JSON', async () => {
    const answer = await fetch(`${api.url}/api/v1/projects/${api.projectId}/models/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.owner.accessToken}`, 'content-type': 'application/json' },
      body: '{"metrics": {"accuracy": NaN}}',
    });
    const { error } = (await answer.json()) as ErrorBody;
    expect([answer.status, error.code, error.params]).toEqual([
      400,
      'request.not_a_number',
      { key: 'accuracy', word: 'NaN' },
    ]);
    expect(error.message.ko).toContain('“accuracy” 값이 NaN입니다');
  });

  it('whatever it is, for a reason that is in Korean too', async () => {
    const refused = await register({ more: { name: '/..', bump: 'huge', framework: '' } }).catch(
      (error: ApiError) => error,
    );
    const { ko } = (refused as ApiError).messages;
    for (const korean of ['body.name: “.”이나', 'body.bump: 잘못된 옵션', 'body.framework: 글이 너무 작습니다'])
      expect(ko).toContain(korean);
    expect(ko).not.toMatch(/must|invalid|expected/i);
  });

  it('a model for another task', async () => {
    await register({ name: 'classifier' });
    await expect(register({ name: 'classifier', more: { taskType: 'detection' } })).rejects.toMatchObject({
      code: 'model.task_differs',
    });
  });

  it('an upload that is unfinished, gone, or someone else’s', async () => {
    const stranger = await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const token = await api.tokenOf(stranger.id);
    const theirs = await upload(api, safetensors(), token);
    for (const uploadId of ['upl_000000', theirs]) {
      const files = [{ uploadId, name: 'model.safetensors' }];
      await expect(register({ more: { files } })).rejects.toMatchObject({ code: 'upload.not_found' });
    }
    const client = createClient({ baseUrl: api.url, accessToken: token });
    const project = await client.call(projectRoutes.create, { body: { name: 'Theirs' } });
    const query = { name: 'x' };
    await expect(
      api.owner.call(routes.nextVersions, { params: { projectId: project.id }, query }),
    ).rejects.toMatchObject({ code: 'project.not_found' });
  });
});
