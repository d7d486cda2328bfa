import type { IncomingMessage } from 'node:http';
import { UnreachableError } from './errors.js';

export type Answer = { status: number; text: string };

/**
 * Sends bytes in Node without holding them in memory. Its fetch would: it keeps all of a body, to send it again where
 * it is redirected.
 * @throws UnreachableError, the signal's reason, or what is wrong with the bytes
 */
export async function sendStream(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  // Not imported, as browsers load this file too.
  const { request } = url.startsWith('https:')
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http');
  const { once } = process.getBuiltinModule('node:events');
  const { pipeline } = process.getBuiltinModule('node:stream/promises');
  let unreadable: unknown;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      unreadable = error;
      throw error;
    }
  }
  const sending = request(url, { method, headers });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  // Both fail where the connection breaks; the one that is waited for below says it.
  answered.catch(() => undefined);
  const left = new AbortController();
  const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const sent = pipeline(read, sending, { signal: stop });
  sent.catch(() => undefined);
  try {
    // An answer may come before all is sent: a refusal.
    await Promise.race([sent, answered]);
    const [answer] = await answered;
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += chunk;
    return { status: answer.statusCode ?? 500, text };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw unreadable ?? new UnreachableError({ cause });
  } finally {
    left.abort();
  }
}
