import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 1 << 16;
const VARINT_BYTES = 10;
/** The sizes of a tensor; nobody reads longer lists. */
const NUMBERS_LIMIT = 1000;
/** A model of a hundred thousand nodes has a few million; more is made to keep us busy. */
const FIELDS_LIMIT = 20_000_000;

/** One field of a protobuf message: a number, or where its bytes are. */
export type Field = { number: number; value: number } | { number: number; start: number; end: number };

/**
 * Reads protobuf messages (https://protobuf.dev/programming-guides/encoding) out of a file through a small window:
 * what nobody asks for, such as gigabytes of weights, is stepped over.
 */
export class WireReader {
  private readonly buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  private window = this.buffer.subarray(0, 0);
  private windowAt = 0;
  private fieldsRead = 0;

  constructor(private readonly file: FileHandle) {}

  /** The fields of the message from `start` to `end`. @throws Error where it is not well-formed */
  async *fields(start: number, end: number): AsyncGenerator<Field> {
    let at = start;
    while (at < end) {
      this.fieldsRead += 1;
      if (this.fieldsRead > FIELDS_LIMIT) throw new Error(`more than ${FIELDS_LIMIT} fields`);
      const [tag, afterTag] = await this.varint(at, end);
      const number = Math.floor(tag / 8);
      const type = tag % 8;
      if (number === 0) throw new Error(`no field at byte ${at}`);
      if (type === 0) {
        const [value, after] = await this.varint(afterTag, end);
        yield { number, value };
        at = after;
      } else if (type === 2) {
        const [length, from] = await this.varint(afterTag, end);
        if (length > end - from) throw new Error(`${length} bytes at byte ${from}, but only ${end - from} are left`);
        yield { number, start: from, end: from + length };
        at = from + length;
      } else if (type === 1 || type === 5) {
        at = afterTag + (type === 1 ? 8 : 4);
        if (at > end) throw new Error(`cut off at byte ${end}`);
      } else {
        throw new Error(`no field at byte ${at}`);
      }
    }
  }

  /** A short text. @throws Error when it is long or not UTF-8 */
  async text(start: number, end: number): Promise<string> {
    if (end - start > WINDOW_BYTES) throw new Error(`a name of ${end - start} bytes`);
    const bytes = await this.bytes(start, end - start);
    if (bytes.length < end - start) throw new Error(`cut off at byte ${start}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  }

  /** Numbers that follow each other, as repeated fields are packed. @throws Error when there are many, or one is cut off */
  async numbers(start: number, end: number): Promise<number[]> {
    const found: number[] = [];
    for (let at = start; at < end; ) {
      if (found.length === NUMBERS_LIMIT) throw new Error(`more than ${NUMBERS_LIMIT} numbers at byte ${start}`);
      const [value, after] = await this.varint(at, end);
      found.push(value);
      at = after;
    }
    return found;
  }

  /** A number, as far as a double holds it, and where it ends. */
  private async varint(at: number, end: number): Promise<[value: number, after: number]> {
    const bytes = await this.bytes(at, Math.min(VARINT_BYTES, end - at));
    let value = 0;
    for (const [index, byte] of bytes.entries()) {
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return [value, at + index + 1];
    }
    throw new Error(`cut off at byte ${at}`);
  }

  /** Bytes at a place; fewer at the end of the file. */
  private async bytes(at: number, length: number): Promise<Buffer> {
    if (at < this.windowAt || at + length > this.windowAt + this.window.length) {
      const { bytesRead } = await this.file.read(this.buffer, 0, WINDOW_BYTES, at);
      this.window = this.buffer.subarray(0, bytesRead);
      this.windowAt = at;
    }
    return this.window.subarray(at - this.windowAt, at - this.windowAt + length);
  }
}
