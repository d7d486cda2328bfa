import type { InferenceRequest, InferenceResponse } from '@mallo/contracts';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { Fault } from './fault.js';
import { floatsOfHalf, halfTensor } from './half-precision.js';
import type { Declared } from './outputs.js';

/** Of all outputs together: as JSON these are some ten megabytes. */
const OUTPUT_VALUES_LIMIT = 1_000_000;

type Datatype = InferenceRequest['inputs'][number]['datatype'];
type Values = InferenceResponse['outputs'][number]['data'];

const DATATYPES = {
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
} as const satisfies Partial<Record<Tensor.Type, Datatype>>;
type Type = keyof typeof DATATYPES;

const INTEGERS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
} as const;

/** What a session says of its inputs or outputs, without those that are no tensors. */
export function declared(metadata: readonly InferenceSession.ValueMetadata[]): Declared[] {
  return metadata.flatMap((one) => (one.isTensor ? [{ name: one.name, type: one.type, shape: one.shape }] : []));
}

/**
 * What a session is to be run with, of a request of the Open Inference Protocol.
 * @throws Fault request.invalid
 */
export async function readRequest(
  json: Uint8Array,
  session: InferenceSession,
): Promise<{ id: string | undefined; feeds: Record<string, Tensor>; wanted: string[] }> {
  const { id, inputs, outputs } = await parse(json);
  const expected = declared(session.inputMetadata);
  const names = inputs.map(({ name }) => name);
  const fits = names.length === expected.length && expected.every(({ name }) => names.includes(name));
  if (!fits) throw differs(expected.map(described).join(', '), names.join(', '));
  const wanted = outputs?.map(({ name }) => name) ?? [...session.outputNames];
  const unknown = wanted.find((name) => !session.outputNames.includes(name));
  if (unknown !== undefined) {
    const there = session.outputNames.join(', ');
    throw invalid(
      `the model gives out ${there}, not ${unknown}`,
      `모델의 출력은 ${there}이고, ${unknown}은(는) 없습니다`,
    );
  }
  const feeds = inputs.map((input) => {
    const one = expected.find(({ name }) => name === input.name) as Declared;
    return [input.name, tensorOf(input, one)] as const;
  });
  return { id, feeds: Object.fromEntries(feeds), wanted };
}

async function parse(json: Uint8Array): Promise<InferenceRequest> {
  // Loaded when it is first needed: it takes as long as starting the process.
  const contracts = await import('@mallo/contracts');
  try {
    const value: unknown = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString());
    const result = contracts.InferenceRequest.safeParse(value);
    if (result.success) return result.data;
    const { describeIssues } = await import('@mallo/backend/describe-issues');
    const { en, ko } = describeIssues(contracts.InferenceRequest, value, 'body');
    throw invalid(en, ko);
  } catch (error) {
    throw error instanceof SyntaxError ? invalid('the body is not JSON', '본문이 JSON이 아닙니다') : error;
  }
}

function tensorOf(input: InferenceRequest['inputs'][number], expected: Declared): Tensor {
  const { name, shape, datatype } = input;
  const { type } = expected;
  const fits =
    shape.length === expected.shape.length &&
    expected.shape.every((size, at) => typeof size === 'string' || size === shape[at]);
  if (!isKnown(type) || DATATYPES[type] !== datatype || !fits) {
    throw differs(described(expected), `${name}: ${datatype}[${shape.join(', ')}]`);
  }
  const data = input.data.flat(Number.POSITIVE_INFINITY);
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length !== count) {
    const [has, takes] = [data.length, `[${shape.join(', ')}]`];
    throw invalid(
      `${name} has ${has} values, and ${takes} takes ${count}`,
      `${name}의 값은 ${has}개인데 ${takes}에는 ${count}개가 필요합니다`,
    );
  }
  return filled(name, type, data, shape);
}

function filled(name: string, type: Type, data: unknown[], shape: number[]): Tensor {
  const check = <T>(isValue: (value: unknown) => value is T): T[] => {
    const wrong = data.find((value) => !isValue(value));
    if (wrong !== undefined) throw isNo(type, name, JSON.stringify(wrong).slice(0, 40));
    return data as T[];
  };
  switch (type) {
    case 'bool':
      return new Tensor('bool', Uint8Array.from(check(isBoolean), Number), shape);
    case 'string':
      return new Tensor('string', check(isText), shape);
    case 'int64':
      return new Tensor('int64', BigInt64Array.from(check(isInteger), BigInt), shape);
    case 'uint64':
      return new Tensor('uint64', BigUint64Array.from(check(isNatural), BigInt), shape);
    case 'float16':
      return halfTensor(check(isNumber), shape);
    case 'float32':
      return new Tensor('float32', Float32Array.from(check(isNumber)), shape);
    case 'float64':
      return new Tensor('float64', Float64Array.from(check(isNumber)), shape);
    default: {
      const values = INTEGERS[type].from(check(isInteger));
      const lost = data.find((value, at) => value !== values[at]);
      if (lost !== undefined) throw isNo(type, name, String(lost));
      return new Tensor(type, values, shape);
    }
  }
}

const isNumber = (value: unknown) => typeof value === 'number';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isText = (value: unknown) => typeof value === 'string';
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isNatural = (value: unknown): value is number => isInteger(value) && value >= 0;

/** An output as it is answered. JSON has no NaN and no infinity: they become null. @throws Fault request.too_large */
export function namedOf(name: string, output: Tensor | undefined): InferenceResponse['outputs'][number] {
  if (!output || !isKnown(output.type))
    throw new Fault('model.broken', { problem: { en: `${name} is no tensor`, ko: `${name}은(는) 텐서가 아닙니다` } });
  if (output.size > OUTPUT_VALUES_LIMIT) {
    throw new Fault('request.too_large', {
      limit: { en: `${OUTPUT_VALUES_LIMIT} values in an output`, ko: `출력 하나에 값 ${OUTPUT_VALUES_LIMIT}개` },
    });
  }
  return { name, shape: [...output.dims], datatype: DATATYPES[output.type], data: valuesOf(output) };
}

function valuesOf(output: Tensor): Values {
  const { type, data } = output;
  if (type === 'string') return [...(data as string[])];
  if (type === 'bool') return Array.from(data as Uint8Array, Boolean);
  if (type === 'int64' || type === 'uint64') return Array.from(data as BigInt64Array, Number);
  const numbers = type === 'float16' ? floatsOfHalf(output) : (data as Float32Array);
  return Array.from(numbers, (value) => (Number.isFinite(value) ? value : null));
}

function isKnown(type: Tensor.Type): type is Type {
  return type in DATATYPES;
}

/** As a person reads it: `input_ids: INT64[batch, sequence]`. */
function described({ name, type, shape }: Declared): string {
  return `${name}: ${isKnown(type) ? DATATYPES[type] : type}[${shape.join(', ')}]`;
}

function differs(reads: string, given: string): Fault {
  return invalid(`the model reads ${reads}, not ${given}`, `모델은 ${reads}을(를) 읽는데 ${given}을(를) 보냈습니다`);
}

function isNo(type: string, name: string, value: string): Fault {
  return invalid(
    `${name} has the value ${value}, which is no ${type}`,
    `${name}의 값 ${value}은(는) ${type}이(가) 아닙니다`,
  );
}

function invalid(en: string, ko: string): Fault {
  return new Fault('request.invalid', { problem: { en: en.slice(0, 300), ko: ko.slice(0, 300) } });
}
