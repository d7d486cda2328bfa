import { UnreachableError } from './errors.js';
import type { CallOptions } from './request.js';
import { type Answer, sendStream } from './send-stream.js';

export type UploadOptions = CallOptions & {
  /** Called as bytes leave. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
};

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
  // Browsers tell the progress of an upload only through XMLHttpRequest, which Node has not.
  return 'XMLHttpRequest' in globalThis
    ? sendByXhr(url, method, all, bytes, options)
    : sendByNode(url, method, all, bytes, options);
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

function sendByNode(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: Blob,
  { signal, onProgress }: UploadOptions,
): Promise<Answer> {
  async function* counted(): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for await (const chunk of bytes.stream()) {
      sent += chunk.byteLength;
      onProgress?.(sent, bytes.size);
      yield chunk;
    }
  }
  return sendStream(url, method, headers, counted(), signal);
}
