import type { Principal, Tokens } from '@mallo/backend';
import { createClient, type RequestArgs, type RequestOf } from '@mallo/client';
import type { RouteOutput, RouteSpec } from '@mallo/contracts';

const TIMEOUT_MS = 5_000;

/** Telemetry, as this api asks it in somebody's name: it answers soon or counts as away. */
export class TelemetryClient {
  constructor(
    private readonly url: string,
    private readonly tokens: Tokens,
  ) {}

  /** @throws ApiError, UnreachableError */
  async call<R extends RouteSpec>(as: Principal, route: R, request: RequestOf<R>): Promise<RouteOutput<R>> {
    const client = createClient({ baseUrl: this.url, accessToken: await this.tokens.sign(as) });
    const args = [request, { signal: AbortSignal.timeout(TIMEOUT_MS) }];
    return client.call(route, ...(args as unknown as RequestArgs<R>));
  }
}
