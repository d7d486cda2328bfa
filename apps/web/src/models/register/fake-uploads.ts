import { type ErrorCode, errorMessage, uploadRoutes } from '@mallo/contracts';
import { vi } from 'vitest';

type Sent = { method: string; path: string; headers: Record<string, string>; body: Blob | null };
type Answer = { status: number; headers?: Record<string, string>; text?: string } | 'cut';

/** What a request is answered with instead; undefined lets it through. */
type Interference = (request: Sent) => Answer | undefined | Promise<Answer | undefined>;

export function refusal(status: number, code: ErrorCode): Answer {
  const error = { code, message: errorMessage(code), traceId: 'trace1' };
  return { status, text: JSON.stringify({ error }) };
}

/** A server of the tus protocol behind the page's XMLHttpRequest, that keeps what arrives in memory. */
export class FakeUploads {
  /** Uploads by address. */
  readonly kept = new Map<string, { sizeBytes: number; receivedBytes: number }>();
  readonly requests: string[] = [];
  private interference: Interference = () => undefined;
  private count = 0;

  constructor() {
    const answer = (request: Sent) => this.answer(request);
    vi.stubGlobal(
      'XMLHttpRequest',
      class {
        readonly upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number }) => void } = {};
        onload?: () => void;
        onerror?: (event: unknown) => void;
        status = 0;
        responseText = '';
        private readonly sent: Sent = { method: '', path: '', headers: {}, body: null };
        private answered: Record<string, string> = {};
        private isAborted = false;

        open(method: string, url: string): void {
          this.sent.method = method;
          this.sent.path = new URL(url, window.location.href).pathname;
        }

        setRequestHeader(name: string, value: string): void {
          this.sent.headers[name.toLowerCase()] = value;
        }

        getResponseHeader(name: string): string | null {
          return this.answered[name.toLowerCase()] ?? null;
        }

        abort(): void {
          this.isAborted = true;
        }

        async send(body: Blob | null): Promise<void> {
          this.sent.body = body;
          const given = await answer(this.sent);
          if (this.isAborted) return;
          if (given === 'cut') return this.onerror?.({ type: 'error' });
          this.status = given.status;
          this.responseText = given.text ?? '';
          this.answered = given.headers ?? {};
          this.onload?.();
        }
      },
    );
  }

  interfere(interference: Interference): void {
    this.interference = interference;
  }

  private async answer(request: Sent): Promise<Answer> {
    const { method, path, headers, body } = request;
    this.requests.push(`${method} ${path}`);
    const instead = await this.interference(request);
    if (instead) return instead;
    if (method === 'POST') {
      this.count += 1;
      const location = `${uploadRoutes.create.path}/upl_${this.count}`;
      this.kept.set(location, { sizeBytes: Number(headers['upload-length']), receivedBytes: 0 });
      return { status: 201, headers: { location } };
    }
    const upload = this.kept.get(path);
    if (!upload) return refusal(404, 'upload.not_found');
    const told = () => ({ 'upload-offset': String(upload.receivedBytes), 'upload-length': String(upload.sizeBytes) });
    if (method === 'HEAD') return { status: 200, headers: told() };
    if (method === 'DELETE') {
      this.kept.delete(path);
      return { status: 204 };
    }
    if (Number(headers['upload-offset']) !== upload.receivedBytes) return refusal(409, 'request.conflict');
    upload.receivedBytes += body?.size ?? 0;
    return { status: 204, headers: told() };
  }
}
