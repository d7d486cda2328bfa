import { errorMessage, type RouteOutput, type RouteSpec } from '@mallo/contracts';
import { ApiError, errorOfAnswer, UnreachableError } from './errors.js';
import {
  type AnyRequest,
  addressOf,
  type CallOptions,
  type DownloadOptions,
  type RequestArgs,
  type RequestOf,
} from './request.js';
import { type Credentials, SessionKeeper } from './session.js';
import { sendBytes, type UploadOptions } from './upload.js';

export type ClientOptions = Credentials & {
  /** Scheme and authority of the front door, such as `http://127.0.0.1:3000`; empty for the page's own. */
  baseUrl: string;
};

/** The API by its routes. Errors are `ApiError`, `UnreachableError`, or the AbortError of the caller's own signal. */
export class Client {
  readonly baseUrl: string;
  private readonly session: SessionKeeper;

  constructor({ baseUrl, ...credentials }: ClientOptions) {
    this.baseUrl = baseUrl.replace(/\/$/, '');
    this.session = new SessionKeeper(this.baseUrl, credentials);
  }

  /** The token a socket authenticates with; undefined where cookies do. */
  get accessToken(): string | undefined {
    return this.session.accessToken;
  }

  /** Calls a route that speaks JSON. */
  async call<R extends RouteSpec>(route: R, ...[request, options]: RequestArgs<R>): Promise<RouteOutput<R>> {
    const answer = await this.fetch(route, request as AnyRequest, options);
    // The server holds every answer to its contract, so it is not checked a second time here.
    const body = route.response ? await answer.json().catch(unreachable(options?.signal)) : undefined;
    return body as RouteOutput<R>;
  }

  /** Calls a route that answers bytes. */
  download<R extends RouteSpec & { response: 'stream' }>(
    route: R,
    request: RequestOf<R>,
    options?: DownloadOptions,
  ): Promise<Response> {
    return this.fetch(route, request as AnyRequest, options);
  }

  /**
   * Calls a route that answers lines of JSON (NDJSON), each handed on as it comes; ends with the last of them.
   * @throws UnreachableError when the answer breaks off
   */
  async lines<R extends RouteSpec & { response: 'stream' }>(
    route: R,
    request: RequestOf<R>,
    onLine: (line: unknown) => void,
    options?: CallOptions,
  ): Promise<void> {
    const answer = await this.fetch(route, request as AnyRequest, options);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    while (reader) {
      const { done, value } = await reader.read().catch(unreachable(options?.signal));
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line) onLine(JSON.parse(line));
    }
    // Every line ends with a newline, so what is left was cut.
    if (rest) throw new UnreachableError();
  }

  /** Sends bytes, as they are read, to a route that takes a stream. In Node, `fs.openAsBlob` makes a Blob of a file. */
  async upload<R extends RouteSpec & { body: 'stream' }>(
    route: R,
    request: RequestOf<R>,
    bytes: Blob,
    options: UploadOptions = {},
  ): Promise<RouteOutput<R>> {
    const text = await this.withRenewal(route, async () => {
      const { status, text } = await sendBytes(this.url(route, request), route.method, this.headers(), bytes, options);
      if (status >= 400) throw errorOfAnswer(status, text);
      return text;
    });
    return (route.response ? JSON.parse(text) : undefined) as RouteOutput<R>;
  }

  /** A route's address, for an image or a link. */
  url<R extends RouteSpec>(route: R, request: RequestOf<R>): string {
    return addressOf(this.baseUrl, route, request as AnyRequest);
  }

  /** Renews the session, if nothing did since `sinceMs` (epoch). @throws ApiError when it has ended. */
  async renew(sinceMs: number): Promise<void> {
    if (!this.session.canRenew) throw new ApiError('auth.required', 401, errorMessage('auth.required'), {}, '');
    await this.session.renew(sinceMs);
  }

  private headers(): Record<string, string> {
    return this.accessToken ? { authorization: `Bearer ${this.accessToken}` } : {};
  }

  private fetch(route: RouteSpec, request: AnyRequest = {}, { signal, from }: DownloadOptions = {}): Promise<Response> {
    const range: Record<string, string> = from ? { range: `bytes=${from.byte}-`, 'if-range': from.etag } : {};
    return this.withRenewal(route, async () => {
      const hasBody = route.body !== undefined;
      const answer = await fetch(addressOf(this.baseUrl, route, request), {
        method: route.method,
        headers: { ...this.headers(), ...range, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
        body: hasBody ? JSON.stringify(request.body ?? {}) : undefined,
        signal,
      }).catch(unreachable(signal));
      if (!answer.ok) throw errorOfAnswer(answer.status, await answer.text().catch(unreachable(signal)));
      return answer;
    });
  }

  /** Once more after renewing the session, if that was what was wrong. */
  private async withRenewal<T>(route: RouteSpec, attempt: () => Promise<T>): Promise<T> {
    const sentAtMs = Date.now();
    try {
      return await attempt();
    } catch (error) {
      const expired = error instanceof ApiError && error.status === 401 && route.access !== 'public';
      if (!expired || !this.session.canRenew) throw error;
      await this.session.renew(sentAtMs);
      return attempt();
    }
  }
}

/** For what is thrown when a connection cannot be made or breaks off, unless the caller gave up. */
function unreachable(signal: AbortSignal | undefined): (cause: unknown) => never {
  return (cause) => {
    throw signal?.aborted ? cause : new UnreachableError({ cause });
  };
}

export function createClient(options: ClientOptions): Client {
  return new Client(options);
}
