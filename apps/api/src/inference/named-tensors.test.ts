import { InferenceResponse } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { echoModel, onnxClassifier, tokenModel } from '../testing/model-files.js';
import { registerFiles } from '../testing/uploads.js';

/** Each type with the number that ONNX has for it, and values at its ends. */
const TYPES = {
  BOOL: { onnx: 9, data: [true, false] },
  UINT8: { onnx: 2, data: [0, 255] },
  UINT16: { onnx: 4, data: [0, 65_535] },
  UINT32: { onnx: 12, data: [0, 4_294_967_295] },
  UINT64: { onnx: 13, data: [0, Number.MAX_SAFE_INTEGER] },
  INT8: { onnx: 3, data: [-128, 127] },
  INT16: { onnx: 5, data: [-32_768, 32_767] },
  INT32: { onnx: 6, data: [-2_147_483_648, 2_147_483_647] },
  INT64: { onnx: 7, data: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  FP16: { onnx: 10, data: [0.5, -65_504] },
  FP32: { onnx: 1, data: [0.5, -3.25] },
  FP64: { onnx: 11, data: [0.1, 1e300] },
  BYTES: { onnx: 8, data: ['말로', ''] },
} as const;

const IDS = { name: 'input_ids', shape: [2, 3], datatype: 'INT64', data: [1, 2, 3, 4, 5, 6] };
const MASK = { name: 'attention_mask', shape: [2, 3], datatype: 'INT64', data: [1, 1, 0, 1, 0, 0] };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await registerFiles(api, { name: 'tokens', files: { 'model.onnx': tokenModel() } });
  const types = Object.fromEntries(Object.entries(TYPES).map(([name, { onnx }]) => [name.toLowerCase(), onnx]));
  await registerFiles(api, { name: 'echo', files: { 'model.onnx': echoModel(types) } });
});
afterAll(() => api.close());

function post(name: string, body: unknown, token = api.owner.accessToken): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${api.url}/api/v1/models/${name}/latest/predict`, { method: 'POST', headers, body: text });
}

async function outputsOf(response: Response): Promise<InferenceResponse['outputs']> {
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return InferenceResponse.parse(body).outputs;
}

async function refusal(response: Response): Promise<{ code: string; message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: { en: string } } };
  return { code: error.code, message: error.message.en };
}

it('says in both languages of how many values an output may be', async () => {
  await registerFiles(api, { name: 'long', files: { 'model.onnx': echoModel({ bits: TYPES.UINT8.onnx }) } });
  const count = 1_000_001;
  const inputs = [{ name: 'bits', shape: [count], datatype: 'UINT8', data: Array(count).fill(1) }];
  const answer = await post('long', { inputs });
  expect(await answer.json()).toMatchObject({
    error: {
      code: 'request.too_large',
      message: {
        en: expect.stringContaining('the limit of 1000000 values in an output'),
        ko: expect.stringContaining('출력 하나에 값 1000000개 제한보다 큽니다'),
      },
    },
  });
});

describe('a model of several inputs', () => {
  it('is asked with named tensors, and answers all its outputs by name', async () => {
    const answer: unknown = await (await post('tokens', { id: 'a1', inputs: [MASK, IDS] })).json();
    expect(answer).toEqual({
      model_name: 'tokens',
      model_version: '1.0.0',
      id: 'a1',
      outputs: [
        { name: 'masked', shape: [2, 3], datatype: 'INT64', data: [1, 2, 0, 4, 0, 0] },
        { name: 'scores', shape: [2], datatype: 'FP32', data: [3, 4] },
      ],
    });
  });

  it('takes values as nested as their shape, of any size that it leaves free', async () => {
    const long = Array.from({ length: 300_000 }, (_, at) => at % 7);
    const shape = [1, long.length];
    const inputs = [
      { ...IDS, shape, data: [long] },
      { ...MASK, shape, data: [long.map(() => 1)] },
    ];
    // More than what the api reads as JSON itself.
    expect(JSON.stringify(inputs).length).toBeGreaterThan(1_100_000);
    const [scores] = await outputsOf(await post('tokens', { inputs, outputs: [{ name: 'scores' }] }));
    expect(scores).toEqual({ name: 'scores', shape: [1], datatype: 'FP32', data: [expect.closeTo(899_997, -1)] });
  });

  it('is refused what it does not read, with what it reads', async () => {
    const cases = [
      [{ inputs: [IDS] }, 'attention_mask: INT64[batch, sequence], not input_ids'],
      [{ inputs: [IDS, MASK, { ...MASK, name: 'more' }] }, 'not input_ids, attention_mask, more'],
      [{ inputs: [IDS, IDS] }, 'not input_ids, input_ids'],
      [{ inputs: [IDS, { ...MASK, datatype: 'FP32' }] }, 'not attention_mask: FP32[2, 3]'],
      [{ inputs: [IDS, { ...MASK, shape: [6] }] }, 'not attention_mask: INT64[6]'],
      [{ inputs: [IDS, { ...MASK, data: [1, 1] }] }, 'attention_mask has 2 values, and [2, 3] takes 6'],
      [{ inputs: [IDS, { ...MASK, data: [1, 1, 0.5, 1, 0, 0] }] }, 'the value 0.5, which is no int64'],
      [{ inputs: [IDS, { ...MASK, data: [1, 1, null, 1, 0, 0] }] }, 'the value null, which is no int64'],
      [{ inputs: [IDS, MASK], outputs: [{ name: 'logits' }] }, 'gives out masked, scores, not logits'],
      [{ inputs: [IDS, { ...MASK, more: 1 }] }, 'body.inputs.1'],
      [{ inputs: [] }, 'body.inputs'],
      ['{', 'the body is not JSON'],
      ['', 'the body is not JSON'],
    ] as const;
    for (const [body, problem] of cases) {
      const response = await post('tokens', body);
      const { code, message } = await refusal(response);
      expect([response.status, code, message]).toEqual([400, 'request.invalid', expect.stringContaining(problem)]);
    }
  });

  it('says of an image that it cannot be tried on one', async () => {
    const url = `${api.url}/api/v1/models/tokens/latest/predict`;
    const headers = { authorization: `Bearer ${api.owner.accessToken}` };
    const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(9) });
    expect((await refusal(response)).code).toBe('model.input_unknown');
    expect(await outputsOf(await post('tokens', { inputs: [IDS, MASK] }))).toHaveLength(2);
  });

  it('is answered to its owner alone', async () => {
    const stranger = await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const refused = await post('tokens', { inputs: [IDS, MASK] }, await api.tokenOf(stranger.id));
    expect((await refusal(refused)).code).toBe('model.not_found');
    expect((await post('tokens', { inputs: [IDS, MASK] }, 'nobody')).status).toBe(401);
  });
});

describe('named tensors', () => {
  const echoed = (change: Record<string, unknown[]> = {}) => {
    const inputs = Object.entries(TYPES).map(([datatype, { data }]) => {
      const name = datatype.toLowerCase();
      return { name, shape: [2], datatype, data: change[name] ?? data };
    });
    return post('echo', { inputs });
  };

  it('come through in every type, to its ends', async () => {
    expect(await outputsOf(await echoed())).toEqual(
      Object.entries(TYPES).map(([datatype, { data }]) => ({
        name: `${datatype.toLowerCase()}_out`,
        shape: [2],
        datatype,
        data,
      })),
    );
  });

  it('are refused where a value is none of its type', async () => {
    for (const [name, data] of Object.entries({
      bool: [1, 0],
      uint8: [1, 256],
      int8: [-129, 0],
      uint64: [1, -1],
      int64: [1, 2 ** 60],
      fp32: [1, '2'],
      bytes: ['a', 1],
    })) {
      const { code, message } = await refusal(await echoed({ [name]: data }));
      expect([name, code, message]).toEqual([
        name,
        'request.invalid',
        expect.stringContaining(`${name} has the value`),
      ]);
    }
  });

  it('that are no numbers are answered as null', async () => {
    const found = await outputsOf(await echoed({ fp16: [1e9, -1e9] }));
    expect(found.find(({ name }) => name === 'fp16_out')?.data).toEqual([null, null]);
  });

  it('go to a model of images as well, whatever it is for', async () => {
    await registerFiles(api, { name: 'nameless', files: { 'model.onnx': onnxClassifier() } });
    const data = [1, 2, 3].flatMap((value) => new Array<number>(64).fill(value));
    const inputs = [{ name: 'input', shape: [1, 3, 8, 8], datatype: 'FP32', data }];
    expect(await outputsOf(await post('nameless', { inputs }))).toEqual([
      { name: 'logits', shape: [1, 3], datatype: 'FP32', data: [1, 2, 3] },
    ]);
  });
});
