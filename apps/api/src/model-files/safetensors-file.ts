import { open } from 'node:fs/promises';
import { type LocalText, MalloError } from '@mallo/contracts';
import { z } from 'zod';

const HEADER_LIMIT_BYTES = 100_000_000;

/** Bits of an element. */
const DTYPES: Record<string, number> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E5M2FNUZ: 8,
  F8_E4M3FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
};

const Tensor = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
/** A tensor as the header describes it; `dtype` is such as `F32`. */
export type TensorInfo = { name: string; dtype: string; shape: number[] };
const Header = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(Tensor);

/**
 * Reads the header of a safetensors file (https://huggingface.co/docs/safetensors): every tensor has the bytes that its
 * shape needs, and together they are all that follows. The tensors are answered as they follow each other in the file.
 * @throws MalloError model.file_mismatch, model.file_damaged
 */
export async function readSafetensors(path: string, sizeBytes: number, name: string): Promise<TensorInfo[]> {
  const mismatch = (cause?: unknown) =>
    new MalloError('model.file_mismatch', { file: name, expected: 'safetensors' }, { cause });
  const damaged = (detail: LocalText) => new MalloError('model.file_damaged', { file: name, detail });
  const file = await open(path);
  try {
    const start = Buffer.alloc(9);
    const { bytesRead } = await file.read(start, 0, 9, 0);
    const headerBytes = bytesRead === 9 ? Number(start.readBigUInt64LE(0)) : 0;
    if (headerBytes < 2 || headerBytes > HEADER_LIMIT_BYTES || start[8] !== 0x7b) throw mismatch();
    const dataBytes = sizeBytes - 8 - headerBytes;
    if (dataBytes < 0) throw damaged({ en: 'the header is cut off', ko: '머리말이 잘림' });
    const text = Buffer.alloc(headerBytes);
    await file.read(text, 0, headerBytes, 8);
    const { __metadata__: _, ...tensors } = headerOf(text, mismatch);
    const all = Object.entries(tensors as Record<string, z.infer<typeof Tensor>>);
    const inOrder = all.toSorted(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
    const problem = problemOf(inOrder, dataBytes);
    if (problem) throw damaged(problem);
    return inOrder.map(([tensor, { dtype, shape }]) => ({ name: tensor, dtype, shape }));
  } finally {
    await file.close();
  }
}

function headerOf(text: Buffer, mismatch: (cause: unknown) => MalloError): z.infer<typeof Header> {
  try {
    return Header.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)));
  } catch (error) {
    throw mismatch(error);
  }
}

function problemOf(inOrder: [string, z.infer<typeof Tensor>][], dataBytes: number): LocalText | null {
  if (inOrder.length === 0) return { en: 'it has no tensors', ko: '텐서가 없음' };
  let at = 0;
  for (const [key, { dtype, shape, data_offsets }] of inOrder) {
    const bits = DTYPES[dtype];
    if (bits === undefined) {
      return { en: `“${key}” is of the unknown type ${dtype}`, ko: `“${key}” 텐서의 타입 ${dtype}을(를) 모름` };
    }
    const needed = Math.ceil((shape.reduce((product, size) => product * size, 1) * bits) / 8);
    const [begin, end] = data_offsets;
    if (begin !== at || end - begin !== needed) {
      return { en: `“${key}” is not where the header says`, ko: `“${key}” 텐서가 머리말이 말하는 자리에 없음` };
    }
    at = end;
  }
  if (at === dataBytes) return null;
  return {
    en: `${at} bytes of tensors, but ${dataBytes} are there`,
    ko: `텐서는 ${at}바이트인데 ${dataBytes}바이트가 있음`,
  };
}
