import { type Contents, makeZip } from './zip.js';

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A field of a protobuf message: a number, a text, or a message made of fields. */
function field(number: number, value: number | string | Buffer[]): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.concat(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

type Node = { op: string; inputs: string[]; output: string; domain?: string; attributes?: Buffer[] };

function node({ op, inputs, output, domain, attributes = [] }: Node): Buffer {
  const names = inputs.map((name) => field(1, name));
  const from = domain === undefined ? [] : [field(7, domain)];
  return field(1, [...names, field(2, output), field(4, op), ...from, ...attributes]);
}

/** The numbers that ONNX gives to types of numbers. */
const [FLOAT32, INT64, FLOAT16] = [1, 7, 10];

/** The description of a tensor that is an input or output; a text in its shape stands for any size. */
function value(name: string, shape: (number | string)[], type = FLOAT32): Buffer[] {
  const dimensions = shape.map((size) => field(1, [field(typeof size === 'number' ? 1 : 2, size)]));
  return [field(1, name), field(2, [field(1, [field(1, type), field(2, dimensions)])])];
}

/** A tensor whose bytes are said to be in another file. */
export function externalTensor(location: string): Buffer[] {
  const entry = field(13, [field(1, 'location'), field(2, location)]);
  return [field(1, 3), field(2, 1), field(8, 'shift'), entry, field(14, 1)];
}

/** A node's attribute that is a tensor, or a graph with this in it. */
export const tensorAttribute = (tensor: Buffer[]) => field(5, [field(1, 'value'), field(5, tensor), field(20, 4)]);
export const graphAttribute = (inner: Buffer[]) => field(5, [field(1, 'then_branch'), field(6, inner), field(20, 5)]);
export { field as protobufField, node as onnxNode };

/**
 * A real ONNX model as somebody else exports a classifier: float32 [1, 3, side, side] in, three numbers out (the mean of
 * each channel), no softmax. `more` is put into its graph; with a text for the `batch` any number of images goes through.
 */
export function onnxClassifier(
  side: number | string = 8,
  more: Buffer[] = [],
  batch: number | string = 1,
  type = FLOAT32,
): Buffer {
  const graph = [
    node({ op: 'GlobalAveragePool', inputs: ['input'], output: 'pooled' }),
    node({ op: 'Flatten', inputs: ['pooled'], output: 'logits' }),
    field(2, 'classifier'),
    field(11, value('input', [batch, 3, side, side], type)),
    field(12, value('logits', [batch, 3], type)),
    ...more,
  ];
  return Buffer.concat([field(1, 8), field(7, graph), field(8, [field(1, ''), field(2, 13)])]);
}

/** The same whose numbers are of half precision. */
export function halfClassifier(): Buffer {
  return onnxClassifier(8, [], 'images', FLOAT16);
}

/** The same in which a matrix of as many float32 squared is made on the way, and takes as much memory. */
export function hungryClassifier(side: number): Buffer {
  const size = [field(1, 2), field(2, 7), field(8, 'size'), field(7, [varint(side), varint(side)])];
  return onnxClassifier(8, [
    field(5, size),
    node({ op: 'ConstantOfShape', inputs: ['size'], output: 'matrix' }),
    node({ op: 'ReduceMax', inputs: ['matrix'], output: 'most' }),
    field(12, value('most', [1, 1])),
  ]);
}

/**
 * A model of several inputs as language models have them: int64 `input_ids` and `attention_mask` of any batch and length,
 * out of which come `masked`, their product, and `scores`, one float32 for each row: the sum of it.
 */
export function tokenModel(): Buffer {
  const attribute = (name: string, number: number) => field(5, [field(1, name), field(3, number), field(20, 2)]);
  const axis = [field(1, 1), field(2, INT64), field(8, 'axis'), field(7, [varint(1)])];
  const shape = ['batch', 'sequence'];
  const graph = [
    node({ op: 'Mul', inputs: ['input_ids', 'attention_mask'], output: 'masked' }),
    node({ op: 'Cast', inputs: ['masked'], output: 'floats', attributes: [attribute('to', FLOAT32)] }),
    node({ op: 'ReduceSum', inputs: ['floats', 'axis'], output: 'scores', attributes: [attribute('keepdims', 0)] }),
    field(2, 'tokens'),
    field(5, axis),
    field(11, value('input_ids', shape, INT64)),
    field(11, value('attention_mask', shape, INT64)),
    field(12, value('masked', shape, INT64)),
    field(12, value('scores', ['batch'])),
  ];
  return Buffer.concat([field(1, 8), field(7, graph), field(8, [field(1, ''), field(2, 13)])]);
}

/** A model that gives out each input as it is, with `_out` behind its name. `types` are the numbers that ONNX has for them. */
export function echoModel(types: Record<string, number>): Buffer {
  const graph = Object.entries(types).flatMap(([name, type]) => [
    node({ op: 'Identity', inputs: [name], output: `${name}_out` }),
    field(11, value(name, ['count'], type)),
    field(12, value(`${name}_out`, ['count'], type)),
  ]);
  return Buffer.concat([field(1, 8), field(7, [...graph, field(2, 'echo')]), field(8, [field(1, ''), field(2, 13)])]);
}

/** A safetensors file of one tensor; `change` is put into its description. */
export function safetensors(numbers: number[] = [1, 2, 3], change: Record<string, unknown> = {}): Buffer {
  const data = Buffer.from(Float32Array.from(numbers).buffer);
  const tensor = { dtype: 'F32', shape: [numbers.length], data_offsets: [0, data.length], ...change };
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, weight: tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, data]);
}

/** The zip that torch.save writes, with a pickle that would run a command were it ever opened. */
export function pytorchZip(more: Contents = {}): Promise<Buffer> {
  const pickle = "cos\nsystem\n(S'touch /tmp/mallo-was-unpickled'\ntR.";
  const contents = {
    'archive/data.pkl': pickle,
    'archive/data/0': Buffer.alloc(64),
    'archive/version': '3\n',
    ...more,
  };
  return makeZip(contents, { compress: false });
}
