import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, type Client, createClient, UnreachableError } from '@mallo/client';
import type { Logger } from 'pino';
import type { ConnectionSettings, RunFolder } from './run-folder.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3000;
/** A run may be unknown for a moment, and a token out of date, before they are put right; then the run is gone. */
const REFUSED_FOR_MS = 60_000;
const REFUSALS = [401, 403, 404];

export type Destination = { runId: string; api: Client; telemetry: Client };

/** The run was deleted, or its token taken back: there is nobody to deliver to. */
export class RunGoneError extends Error {}

/** The api and telemetry, wherever they are now, asked again until they answer. */
export class Connection {
  private settings: ConnectionSettings | null = null;

  constructor(
    private readonly folder: RunFolder,
    private readonly log: Logger,
    private readonly refusedForMs = REFUSED_FOR_MS,
  ) {}

  /**
   * @throws RunGoneError when the request was refused for a minute; the ApiError when it was not understood, which
   * a repeat would not change.
   */
  async request<T>(what: string, send: (destination: Destination) => Promise<T>): Promise<T> {
    let pauseMs = FIRST_WAIT_MS;
    let refusedSinceMs: number | null = null;
    for (;;) {
      try {
        return await send(await this.destination());
      } catch (error) {
        const refused = error instanceof ApiError && REFUSALS.includes(error.status);
        if (error instanceof ApiError && error.status < 500 && error.status !== 429 && !refused) throw error;
        if (!(error instanceof ApiError || error instanceof UnreachableError || isTimeout(error))) throw error;
        refusedSinceMs = refused ? (refusedSinceMs ?? Date.now()) : null;
        if (refusedSinceMs !== null && Date.now() - refusedSinceMs >= this.refusedForMs) {
          throw new RunGoneError(`${what} was refused: ${error.message}`, { cause: error });
        }
        if (pauseMs === FIRST_WAIT_MS) this.log.warn({ what, error: error.message }, 'trying again until it works');
        // Their ports may be others by now.
        this.settings = null;
        await wait(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_WAIT_MS);
      }
    }
  }

  private async destination(): Promise<Destination> {
    this.settings ??= await this.folder.connectionSettings();
    const { runId, token: accessToken, apiUrl, telemetryUrl } = this.settings;
    return {
      runId,
      api: createClient({ baseUrl: apiUrl, accessToken }),
      telemetry: createClient({ baseUrl: telemetryUrl, accessToken }),
    };
  }
}

function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.name === 'TimeoutError';
}
