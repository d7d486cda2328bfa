import { open } from 'node:fs/promises';
import { MalloError, quoted } from '@mallo/contracts';
import { WireReader } from '../../model-files/wire-reader.js';
import { ONNX_OPERATORS } from './onnx-operators.js';

/** Graphs in nodes in graphs … no model is this deep. */
const DEPTH = 100;
/** Operators of ONNX itself, and those that every build of onnxruntime has, as `domain::name`. */
const KNOWN = new Set(
  Object.entries(ONNX_OPERATORS).flatMap(([domain, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${domain}::${name}`),
  ),
);
const SHOWN_OPERATORS = 5;
/** The format is at version 13, and counts up about once a year. */
const IR_VERSIONS = 50;

/**
 * Which fields of a message are messages of interest, and which texts are kept, by field number
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
const MESSAGES = {
  Model: { messages: { 7: 'Graph', 8: 'Opset', 20: 'Training', 25: 'Function' }, texts: {} },
  Opset: { messages: {}, texts: {} },
  Training: { messages: { 1: 'Graph', 2: 'Graph' }, texts: {} },
  Function: { messages: { 7: 'Node', 11: 'Attribute' }, texts: { 1: 'name', 10: 'domain' } },
  Graph: { messages: { 1: 'Node', 5: 'Tensor', 12: 'Output', 15: 'SparseTensor' }, texts: {} },
  Output: { messages: {}, texts: {} },
  Node: { messages: { 5: 'Attribute' }, texts: { 4: 'name', 7: 'domain' } },
  Attribute: {
    messages: { 5: 'Tensor', 6: 'Graph', 10: 'Tensor', 11: 'Graph', 22: 'SparseTensor', 23: 'SparseTensor' },
    texts: {},
  },
  SparseTensor: { messages: { 1: 'Tensor', 2: 'Tensor' }, texts: {} },
  Tensor: { messages: { 13: 'Entry' }, texts: {} },
  Entry: { messages: {}, texts: { 1: 'key', 2: 'value' } },
} as const satisfies Record<
  string,
  { messages: Record<number, string>; texts: Record<number, 'name' | 'domain' | 'key' | 'value'> }
>;
type MessageName = keyof typeof MESSAGES;

type Found = {
  /** The version of the format, which every file begins with. */
  irVersion: number;
  counts: Partial<Record<MessageName, number>>;
  /** Where tensors say their bytes are, outside of this file. */
  external: Set<string>;
  /** `domain::name` of every operator used, and of those that the model brings along. */
  used: Set<string>;
  own: Set<string>;
};

async function collect(
  reader: WireReader,
  message: MessageName,
  [start, end]: [number, number],
  found: Found,
  depth = 0,
): Promise<void> {
  if (depth > DEPTH) throw new Error(`graphs in graphs, ${DEPTH} deep`);
  const { messages, texts }: { messages: Record<number, MessageName>; texts: Record<number, string> } =
    MESSAGES[message];
  const said: Record<string, string> = {};
  for await (const field of reader.fields(start, end)) {
    if ('value' in field) {
      if (message === 'Model' && field.number === 1) found.irVersion = field.value;
      continue;
    }
    const inner = messages[field.number];
    const text = texts[field.number];
    if (inner) await collect(reader, inner, [field.start, field.end], found, depth + 1);
    else if (text) said[text] = await reader.text(field.start, field.end);
  }
  found.counts[message] = (found.counts[message] ?? 0) + 1;
  // Two names of the domain of ONNX itself.
  const domain = said.domain === 'ai.onnx' ? '' : (said.domain ?? '');
  const operator = `${domain}::${said.name ?? ''}`;
  if (message === 'Node') found.used.add(operator);
  if (message === 'Function') found.own.add(operator);
  if (message === 'Entry' && said.key === 'location') found.external.add(said.value ?? '');
}

/**
 * Reads the structure of an ONNX file, not its weights. `beside` are the names of the files that come with it, in the
 * same folder.
 * @throws MalloError model.file_mismatch, model.file_damaged, model.external_data, model.external_data_outside,
 * model.custom_operators
 */
export async function checkOnnx(path: string, sizeBytes: number, name: string, beside: Set<string>): Promise<void> {
  const found: Found = { irVersion: 0, counts: {}, external: new Set(), used: new Set(), own: new Set() };
  const file = await open(path);
  try {
    await collect(new WireReader(file), 'Model', [0, sizeBytes], found);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    // What begins as one was one once.
    if (found.irVersion < 1 || found.irVersion > IR_VERSIONS)
      throw new MalloError('model.file_mismatch', { file: name, expected: 'ONNX' });
    throw new MalloError('model.file_damaged', { file: name, detail: quoted(error) }, { cause: error });
  } finally {
    await file.close();
  }
  const { counts, external, used, own } = found;
  if (!counts.Graph) throw new MalloError('model.file_mismatch', { file: name, expected: 'ONNX' });
  if (!counts.Output || !counts.Opset) {
    const detail = counts.Opset
      ? { en: 'no output', ko: '출력이 없음' }
      : { en: 'no operator set', ko: '연산 집합이 없음' };
    throw new MalloError('model.file_damaged', { file: name, detail });
  }
  for (const location of external) {
    // Only a name beside it: what reads the model later must never be led to another file of the machine.
    if (beside.has(location)) continue;
    const isOutside = /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(location);
    const code = isOutside ? 'model.external_data_outside' : 'model.external_data';
    throw new MalloError(code, { file: name, path: location });
  }
  const custom = [...used].filter((one) => !own.has(one) && !KNOWN.has(one));
  if (custom.length > 0) {
    const operators = custom
      .map((one) => one.replace(/^::/, ''))
      .slice(0, SHOWN_OPERATORS)
      .join(', ');
    throw new MalloError('model.custom_operators', { file: name, operators });
  }
}
