import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { sendStream, UnreachableError } from '@mallo/client';
import { z } from 'zod';
import { Refusal } from '../sentences.js';
import { words } from './words.js';

const PATIENCE_MS = [200, 1000, 3000, 10_000];
const TIMEOUT_MS = 120_000;

export type RestCredentials = { token?: string | undefined; user?: string | undefined; password?: string | undefined };

/** An answer that is no success, with MLflow's own words where it said some. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'RestError';
  }
}

const ErrorBody = z.object({ message: z.string() });

/** MLflow's REST API, of an MLflow or of Mallo. What fails for a moment is asked again. */
export class MlflowRest {
  private readonly headers: Record<string, string>;

  constructor(
    readonly url: string,
    { token, user, password }: RestCredentials = {},
  ) {
    const pair = user === undefined ? null : Buffer.from(`${user}:${password ?? ''}`).toString('base64');
    const authorization = token ? `Bearer ${token}` : pair && `Basic ${pair}`;
    this.headers = authorization ? { authorization } : {};
  }

  /** @throws RestError, Refusal when there is no server or it does not let this person in */
  get<T extends z.ZodType>(path: string, query: Record<string, string>, shape: T): Promise<z.infer<T>> {
    return this.read(`${path}?${new URLSearchParams(query)}`, {}, shape);
  }

  post<T extends z.ZodType>(path: string, body: object, shape: T): Promise<z.infer<T>> {
    return this.read(path, jsonOf('POST', body), shape);
  }

  /** Makes something. It is asked once: what was made and not answered would be made a second time. */
  create<T extends z.ZodType>(path: string, body: object, shape: T): Promise<z.infer<T>> {
    return this.read(path, jsonOf('POST', body), shape, 0);
  }

  /** Changes something to what may be said again. */
  async change(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object): Promise<void> {
    await this.read(path, jsonOf(method, body), z.unknown());
  }

  /** Keeps a file, sent as it is read. */
  async put(path: string, open: () => Promise<Readable>): Promise<void> {
    for (let times = 0; ; times += 1) {
      const wait = PATIENCE_MS[times];
      const headers = { ...this.headers, 'content-type': 'application/octet-stream' };
      const answer = await sendStream(`${this.url}${path}`, 'PUT', headers, await open()).catch((cause: unknown) => {
        if (!(cause instanceof UnreachableError)) throw cause;
        return cause;
      });
      if (answer instanceof UnreachableError) {
        if (wait === undefined) throw new Refusal(words.noServer(this.url, reasonOf(answer)));
      } else if (answer.status < 300) return;
      else if (!isMomentary(answer.status) || wait === undefined) throw this.refusal(answer.status, answer.text);
      await delay(wait);
    }
  }

  /** Bytes as they come. */
  async open(path: string): Promise<Readable> {
    const answer = await this.ask(path, {});
    return answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([]);
  }

  private async read<T extends z.ZodType>(
    path: string,
    init: RequestInit,
    shape: T,
    repeats = PATIENCE_MS.length,
  ): Promise<z.infer<T>> {
    const answer = await this.ask(path, init, repeats);
    const text = await answer.text();
    try {
      return shape.parse(JSON.parse(text));
    } catch (cause) {
      throw new RestError(answer.status, `${path}: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`);
    }
  }

  private async ask(path: string, init: RequestInit, repeats = PATIENCE_MS.length): Promise<Response> {
    for (let times = 0; ; times += 1) {
      const wait = times < repeats ? PATIENCE_MS[times] : undefined;
      const answer = await fetch(`${this.url}${path}`, {
        ...init,
        headers: { ...init.headers, ...this.headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((cause: unknown) => cause as Error);
      if (answer instanceof Error) {
        if (wait === undefined) throw new Refusal(words.noServer(this.url, reasonOf(answer)));
      } else if (answer.ok) return answer;
      else {
        const text = await answer.text();
        if (!isMomentary(answer.status) || wait === undefined) throw this.refusal(answer.status, text);
      }
      await delay(wait);
    }
  }

  private refusal(status: number, text: string): Error {
    if (status === 401) return new Refusal(words.notLetIn(this.url));
    const said = ErrorBody.safeParse(readJson(text));
    return new RestError(status, said.success ? said.data.message : `HTTP ${status}`);
  }
}

function jsonOf(method: string, body: object): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function isMomentary(status: number): boolean {
  return status === 429 || status >= 502;
}

function reasonOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || (cause as NodeJS.ErrnoException).code || error.message
    : error.message;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
