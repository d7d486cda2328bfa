import type { Tokens } from '@mallo/backend';
import { MalloError, type RouteOutput, type RouteSpec, runFileRoutes as routes } from '@mallo/contracts';
import type { RemovedFiles } from './retention.repository.js';

/** An object store on a slow disk may have thousands of files to remove. */
const TIMEOUT_MS = 120_000;

/** Files of runs: the api has them. */
export class RunFilesClient {
  constructor(
    private readonly tokens: Tokens,
    private readonly apiUrl: string | undefined,
  ) {}

  /** @throws MalloError server.unavailable */
  async heldBytes(projectId: string): Promise<number> {
    return (await this.ask(routes.held, projectId)).heldBytes;
  }

  /** @throws MalloError server.unavailable */
  async free(projectId: string, files: readonly RemovedFiles[]): Promise<number> {
    const body = {
      runIds: files.flatMap(({ trainingId }) => trainingId ?? []),
      folders: files.map(({ folder }) => folder),
    };
    return (await this.ask(routes.free, projectId, body)).freedBytes;
  }

  private async ask<R extends RouteSpec & { response: Exclude<RouteSpec['response'], 'stream' | undefined> }>(
    route: R,
    projectId: string,
    body?: object,
  ): Promise<RouteOutput<R>> {
    if (!this.apiUrl) throw new MalloError('server.unavailable', { part: 'api' });
    const path = route.path.replace(':projectId', encodeURIComponent(projectId));
    const answer = await fetch(new URL(path, this.apiUrl), {
      method: route.method,
      headers: {
        authorization: `Bearer ${await this.tokens.sign({ kind: 'service' })}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new MalloError('server.unavailable', { part: 'api' }, { cause });
    });
    if (!answer.ok) throw new MalloError('server.unavailable', { part: 'api' });
    return route.response.parse(await answer.json()) as RouteOutput<R>;
  }
}
