import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Architecture, inferenceRoutes, MalloError } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { protobufField as field, onnxClassifier, pytorchZip, tokenModel } from '../testing/model-files.js';
import { registerFiles } from '../testing/uploads.js';
import { graphLayers } from './graph-layers.js';
import { readOnnxGraph } from './onnx-graph.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-layers-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Wish = { name?: string; op?: string; inputs?: string[]; output: string; scopes?: string };

function nodeOf({ name = '', op = 'Conv', inputs = [], output, scopes }: Wish): Buffer {
  const said = scopes ? [field(9, [field(1, 'pkg.torch.onnx.name_scopes'), field(2, scopes)])] : [];
  return field(1, [...inputs.map((input) => field(1, input)), field(2, output), field(3, name), field(4, op), ...said]);
}

/** A tensor of float32, or of another type. */
function weight(name: string, shape: number[], type = 1): Buffer {
  return field(5, [...shape.map((size) => field(1, size)), field(2, type), field(8, name)]);
}

const model = (graph: Buffer[]) =>
  Buffer.concat([field(1, 8), field(7, graph), field(8, [field(1, ''), field(2, 17)])]);

async function layersOf(bytes: Buffer): Promise<Architecture> {
  const path = join(folder, `${crypto.randomUUID()}.onnx`);
  await writeFile(path, bytes);
  return Architecture.parse(graphLayers('model.onnx', await readOnnxGraph(path, 'model.onnx')));
}

/** A safetensors file of float32 zeros. */
function stateDict(shapes: Record<string, number[]>): Buffer {
  let at = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(at)]);
}

describe('the layers of an ONNX graph', () => {
  it('have the weights they read, their share, and what they read from', async () => {
    const found = await layersOf(
      model([
        nodeOf({ name: '/layer1/layer1.0/conv1/Conv', inputs: ['x', 'w', 'b'], output: 'a' }),
        nodeOf({ name: '/layer1/layer1.0/act/Relu', op: 'Relu', inputs: ['a'], output: 'r' }),
        nodeOf({ name: '/fc/Gemm', op: 'Gemm', inputs: ['r', 'v'], output: 'y' }),
        weight('w', [4, 3, 5, 5]),
        weight('b', [4]),
        weight('v', [16, 6]),
        weight('shape', [2], 7),
      ]),
    );
    expect(found).toMatchObject({ kind: 'graph', parameters: 400 });
    expect(
      found.layers.map(({ name, type, parameters, share, from }) => [name, type, parameters, share, from]),
    ).toEqual([
      ['Conv', 'Conv', 304, 0.76, []],
      ['Relu', 'Relu', 0, 0, [0]],
      ['Gemm', 'Gemm', 96, 0.24, [1]],
    ]);
    expect(found.scopes).toEqual([
      { name: 'layer1', parent: null, parameters: 304, layers: 2 },
      { name: '0', parent: 0, parameters: 304, layers: 2 },
      { name: 'conv1', parent: 1, parameters: 304, layers: 1 },
      { name: 'act', parent: 1, parameters: 0, layers: 1 },
      { name: 'fc', parent: null, parameters: 96, layers: 1 },
    ]);
    expect(found.layers.map(({ scope }) => scope)).toEqual([2, 3, 4]);
  });

  it('are in the scopes that PyTorch’s exporter writes beside them', async () => {
    const scopes = "['', 'stem', 'stem.conv', 'conv2d_1']";
    const found = await layersOf(model([nodeOf({ name: 'node_conv2d_1', output: 'a', scopes })]));
    expect(found.scopes.map(({ name }) => name)).toEqual(['stem', 'conv']);
    expect(found.layers[0]).toMatchObject({ name: 'node_conv2d_1', scope: 1 });
  });

  it('share weights without counting them twice, and read them in graphs inside too', async () => {
    const branch = [nodeOf({ op: 'MatMul', inputs: ['inner', 'w'], output: 'z' }), weight('inner', [7])];
    const withGraph = field(1, [field(2, 'o'), field(4, 'If'), field(5, [field(1, 'then_branch'), field(6, branch)])]);
    const found = await layersOf(model([withGraph, nodeOf({ inputs: ['w', 'o'], output: 'a' }), weight('w', [10])]));
    expect(found.layers.map(({ parameters }) => parameters)).toEqual([17, 0]);
    expect(found.layers[1]?.from).toEqual([0]);
  });

  it('say the shapes that the file says, and the inputs and outputs', async () => {
    const found = await layersOf(onnxClassifier('side'));
    expect(found.inputs).toEqual([{ name: 'input', type: 'float32', shape: [1, 3, -1, -1] }]);
    expect(found.outputs).toEqual([{ name: 'logits', type: 'float32', shape: [1, 3] }]);
    expect(found.layers.map(({ type, shape }) => [type, shape])).toEqual([
      ['GlobalAveragePool', null],
      ['Flatten', [1, 3]],
    ]);
  });

  it('come quickly when there are 5,000', async () => {
    const nodes = Array.from({ length: 5000 }, (_, at) =>
      nodeOf({ name: `/blocks/blocks.${at >> 3}/Conv_${at}`, inputs: [`o${at - 1}`, `w${at}`], output: `o${at}` }),
    );
    const bytes = model([...nodes, ...nodes.map((_, at) => weight(`w${at}`, [8, 8, 3, 3]))]);
    const startedMs = performance.now();
    const found = await layersOf(bytes);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(found).toMatchObject({ parameters: 5000 * 576, scopes: { length: 626 }, layers: { length: 5000 } });
  });

  it('are read in little memory, however large the weights are', async () => {
    const path = join(folder, 'large.onnx');
    const weightBytes = 1_500_000_000;
    // The last field of the graph is the weight's bytes, a hole in the file.
    const length = (value: number) => field(0, value).subarray(1);
    const tag = (number: number) => Buffer.from([number * 8 + 2]);
    const about = Buffer.concat([field(1, weightBytes / 4), field(2, 1), field(8, 'w'), tag(9), length(weightBytes)]);
    const tensor = Buffer.concat([tag(5), length(about.length + weightBytes), about]);
    const node = nodeOf({ inputs: ['w'], output: 'y' });
    const graphBytes = node.length + tensor.length + weightBytes;
    const start = Buffer.concat([field(1, 8), tag(7), length(graphBytes), node, tensor]);
    const file = await open(path, 'w');
    await file.write(start);
    await file.truncate(start.length + weightBytes);
    await file.write(field(8, [field(2, 17)]), 0, undefined, start.length + weightBytes);
    await file.close();
    const beforeBytes = process.memoryUsage.rss();
    const graph = await readOnnxGraph(path, 'large.onnx');
    expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(100_000_000);
    expect(graphLayers('large.onnx', graph).parameters).toBe(weightBytes / 4);
  });

  it('are refused wherever the file is cut', async () => {
    const whole = model([nodeOf({ name: '/a/Conv', inputs: ['w'], output: 'y' }), weight('w', [300, 3])]);
    for (let length = 0; length < whole.length - 6; length += 1) {
      const found = await layersOf(whole.subarray(0, length)).catch((error: unknown) => error);
      expect(found).toBeInstanceOf(MalloError);
      expect(found).toMatchObject({ code: 'model.file_damaged' });
    }
  });
});

describe('the layers of a version', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  async function ask(files: Record<string, Buffer>): Promise<Architecture> {
    const { modelId, version } = await registerFiles(api, { name: crypto.randomUUID(), files });
    return api.owner.call(inferenceRoutes.layers, { params: { modelId, version } });
  }

  it('are those of its ONNX file', async () => {
    expect(await ask({ 'a.onnx': onnxClassifier(), 'a.safetensors': stateDict({ w: [1] }) })).toMatchObject({
      file: 'a.onnx',
      kind: 'graph',
    });
  });

  it('are told apart from what the model reads and gives out, which is asked for by itself', async () => {
    const { modelId, version } = await registerFiles(api, { name: 'tokens', files: { 'model.onnx': tokenModel() } });
    const port = (name: string, type: string, shape: number[]) => ({ name, type, shape });
    expect(await api.owner.call(inferenceRoutes.signature, { params: { modelId, version } })).toEqual({
      inputs: [port('input_ids', 'int64', [-1, -1]), port('attention_mask', 'int64', [-1, -1])],
      outputs: [port('masked', 'int64', [-1, -1]), port('scores', 'float32', [-1])],
    });
  });

  it('are the tensors of its safetensors files where there is none', async () => {
    const found = await ask({
      'model-1.safetensors': stateDict({ 'layer1.0.conv1.weight': [4, 3, 2, 2], 'layer1.0.conv1.bias': [4] }),
      'model-2.safetensors': stateDict({ 'fc.weight': [2, 4], scale: [] }),
    });
    expect(found).toMatchObject({ kind: 'state_dict', parameters: 61, inputs: [], outputs: [] });
    expect(found.layers.map(({ name, type, shape, parameters }) => [name, type, shape, parameters])).toEqual([
      ['weight', 'F32', [4, 3, 2, 2], 48],
      ['bias', 'F32', [4], 4],
      ['weight', 'F32', [2, 4], 8],
      ['scale', 'F32', [], 1],
    ]);
    expect(found.scopes.map(({ name, parent }) => [name, parent])).toEqual([
      ['layer1', null],
      ['0', 0],
      ['conv1', 1],
      ['fc', null],
    ]);
  });

  it('cannot be told from a pickle, and are not told to others', async () => {
    await expect(ask({ 'model.pt': await pytorchZip() })).rejects.toMatchObject({ code: 'model.layers_unknown' });
    const params = { modelId: 'mdl_none', version: '1.0.0' };
    await expect(api.owner.call(inferenceRoutes.layers, { params })).rejects.toMatchObject({ code: 'model.not_found' });
    await expect(api.anonymous.call(inferenceRoutes.layers, { params })).rejects.toMatchObject({ status: 401 });
  });
});
