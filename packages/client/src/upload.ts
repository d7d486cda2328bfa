import { UnreachableError } from './errors.js';
import type { CallOptions } from './request.js';

export type UploadOptions = CallOptions & {
  /** Called as bytes leave. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
};

type Answer = { status: number; text: string };

/**
 * Sends bytes without holding them in memory.
 * @throws UnreachableError, the signal's AbortError, or a NotReadableError when the file changed while it was sent.
 */
export function sendBytes(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: Blob,
  options: UploadOptions,
): Promise<Answer> {
  const all = { 'content-type': 'application/octet-stream', ...headers };
  // Browsers tell the progress of an upload only through XMLHttpRequest, and Node has only fetch.
  return 'XMLHttpRequest' in globalThis
    ? sendByXhr(url, method, all, bytes, options)
    : sendByFetch(url, method, all, bytes, options);
}

function sendByXhr(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: Blob,
  { signal, onProgress }: UploadOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    signal?.addEventListener('abort', abort);
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => onProgress?.(event.loaded, bytes.size);
    xhr.onload = () => resolve({ status: xhr.status, text: xhr.responseText });
    xhr.onerror = () => reject(new UnreachableError());
    xhr.onabort = () => reject(signal?.reason ?? new DOMException('aborted', 'AbortError'));
    xhr.onloadend = () => signal?.removeEventListener('abort', abort);
    xhr.send(bytes);
  });
}

async function sendByFetch(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: Blob,
  { signal, onProgress }: UploadOptions,
): Promise<Answer> {
  let sent = 0;
  let unreadable: unknown;
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes.stream()) {
        sent += chunk.byteLength;
        onProgress?.(sent, bytes.size);
        yield chunk;
      }
    } catch (error) {
      unreadable = error;
      throw error;
    }
  }
  // Node's fetch takes an async iterable; the types of the DOM know only streams.
  const body = counted() as unknown as BodyInit;
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half', signal };
  try {
    const answer = await fetch(url, init);
    return { status: answer.status, text: await answer.text() };
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (unreadable) throw unreadable;
    throw new UnreachableError({ cause });
  }
}
