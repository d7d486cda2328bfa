/** Announces a difference that does not fit: the whole number follows. Differences that do are at most half of it. */
const WHOLE = Number.MAX_SAFE_INTEGER;
const LARGEST_DIFFERENCE = 2 ** 51;

/** A growing buffer of numbers and texts: small whole numbers take one byte (LEB128, as in Protocol Buffers). */
export class ByteWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(expectedBytes = 256) {
    this.buffer = Buffer.allocUnsafe(expectedBytes);
  }

  get length(): number {
    return this.at;
  }

  /** @param value a whole number from 0 to 2^53 - 1 */
  count(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  /** @param value a safe integer, kept as its difference to `previous`: small either way is short. */
  difference(value: number, previous: number): void {
    const difference = value - previous;
    if (Math.abs(difference) <= LARGEST_DIFFERENCE) {
      this.count(difference >= 0 ? difference * 2 : difference * -2 - 1);
    } else {
      this.count(WHOLE);
      this.double(value);
    }
  }

  double(value: number): void {
    this.reserve(8);
    this.buffer.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  doubles(values: Float64Array): void {
    this.bytes(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.count(length);
    this.reserve(length);
    this.at += this.buffer.write(text, this.at);
  }

  /** What was written; nothing may be written after. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** Reads what a ByteWriter wrote, in the same order. */
export class ByteReader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  get ended(): boolean {
    return this.at >= this.buffer.length;
  }

  count(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte - 0x80;
    let unit = 0x80;
    do {
      byte = this.byte();
      value += (byte % 0x80) * unit;
      unit *= 0x80;
    } while (byte >= 0x80);
    return value;
  }

  difference(previous: number): number {
    const folded = this.count();
    if (folded === WHOLE) return this.double();
    return previous + (folded % 2 === 0 ? folded / 2 : (folded + 1) / -2);
  }

  double(): number {
    const value = this.buffer.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  doubles(count: number): Float64Array {
    const bytes = this.bytes(count * 8);
    // Copied, as an array of doubles must begin at a multiple of 8.
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.buffer.length) throw new RangeError('stored bytes end too early');
    const bytes = this.buffer.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }

  text(): string {
    return this.bytes(this.count()).toString();
  }

  private byte(): number {
    const byte = this.buffer[this.at++];
    if (byte === undefined) throw new RangeError('stored bytes end too early');
    return byte;
  }
}
