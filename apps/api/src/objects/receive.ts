import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteSize } from '@mallo/client';
import { MalloError } from '@mallo/contracts';

const BROKEN_OFF = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'EPIPE']);

/**
 * The chunks of a stream, up to a limit.
 * The stream is not destroyed when it is left early: of a request that would close the connection before the
 * sender could read why it was refused.
 * @throws MalloError request.too_large, or request.invalid when the sender goes away in the middle
 */
export async function* limited(stream: NodeJS.ReadableStream, limitBytes: number): AsyncGenerator<Buffer> {
  const source = stream instanceof Readable ? stream : Readable.from(stream);
  const tooLarge = () => new MalloError('request.too_large', { limit: byteSize(limitBytes) });
  let sizeBytes = 0;
  try {
    // What a sender announces need not arrive before it is refused.
    if (source instanceof IncomingMessage && Number(source.headers['content-length']) > limitBytes) throw tooLarge();
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      sizeBytes += bytes.length;
      if (sizeBytes > limitBytes) throw tooLarge();
      yield bytes;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!BROKEN_OFF.has(code)) throw error;
    throw new MalloError(
      'request.invalid',
      { problem: { en: 'the upload broke off before its end', ko: '업로드가 끝나기 전에 끊겼습니다' } },
      { cause: error },
    );
  } finally {
    // What is still on its way is thrown away as it comes; left unread it would block the connection.
    source.resume();
  }
}

/**
 * Writes a stream into a new file, counting and hashing; after a failure there is no file.
 * @throws MalloError request.too_large, request.invalid; ENOSPC and the like as they come
 */
export async function receive(
  stream: NodeJS.ReadableStream,
  path: string,
  limitBytes: number,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    await pipeline(
      limited(stream, limitBytes),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          sizeBytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx' }),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** Makes a file's bytes, or what was renamed into a folder, last through a power cut. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
