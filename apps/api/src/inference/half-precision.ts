import { Tensor } from 'onnxruntime-node';

/** A tensor of half precision. */
export function halfTensor(values: Iterable<number>, shape: readonly number[]): Tensor {
  const bits = new Uint16Array(Float16Array.from(values).buffer);
  const half = new Tensor('float16', bits, shape);
  // Where there is Float16Array it is made one, of which the binding takes 0 bytes
  // (https://github.com/microsoft/onnxruntime/pull/32323).
  Object.defineProperty(half, 'data', { value: bits });
  return half;
}

/** The numbers of a tensor of half precision. */
export function floatsOfHalf({ data }: Tensor): Float32Array {
  const { buffer, byteOffset, length } = data as unknown as Uint16Array<ArrayBuffer>;
  return Float32Array.from(new Float16Array(buffer, byteOffset, length));
}
