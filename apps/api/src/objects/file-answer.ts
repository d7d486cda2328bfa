import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { MalloError } from '@mallo/contracts';
import { StreamableFile } from '@nestjs/common';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import type { Blob } from './object-store.js';

/** Bytes of a file from `start` to `end`, both inclusive. */
export type ByteRange = { start: number; end: number };

/**
 * The answer that lets a file be saved: all of it, or the bytes that are asked for.
 * @throws MalloError request.range_unsatisfiable, and whatever `open` throws
 */
export async function fileAnswer(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { sha256, sizeBytes }: Blob,
  saved: { name: string; type: string },
  open: (range: ByteRange | undefined) => Promise<Readable>,
): Promise<StreamableFile> {
  const etag = `"${sha256}"`;
  const range = rangeOf(headers, sizeBytes, etag);
  void reply.header('etag', etag).header('accept-ranges', 'bytes');
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${sizeBytes}`);
    throw new MalloError('request.range_unsatisfiable', { size: sizeBytes });
  }
  const stream = await open(range);
  if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
  return new StreamableFile(stream, {
    type: saved.type,
    length: range ? range.end - range.start + 1 : sizeBytes,
    disposition: contentDisposition(saved.name),
  });
}

/** The bytes that a request asks for (RFC 9110, 14); undefined: all, also when they changed since it last asked. */
function rangeOf(
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
