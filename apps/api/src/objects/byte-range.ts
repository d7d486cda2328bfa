import type { IncomingHttpHeaders } from 'node:http';
import parseRange from 'range-parser';

/** Bytes of a file from `start` to `end`, both inclusive. */
export type ByteRange = { start: number; end: number };

/** The bytes that a request asks for (RFC 9110, 14); undefined: all, also when they changed since it last asked. */
export function rangeOf(
  headers: IncomingHttpHeaders,
  sizeBytes: number,
  etag: string,
): ByteRange | 'unsatisfiable' | undefined {
  const condition = headers['if-range'];
  if (!headers.range || (condition !== undefined && condition !== etag)) return undefined;
  const ranges = parseRange(sizeBytes, headers.range);
  if (ranges === -1) return 'unsatisfiable';
  // Not bytes, or several at once: the whole is a right answer too.
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
}
