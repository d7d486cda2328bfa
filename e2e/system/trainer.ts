import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@mallo/client';
import { liveRoutes } from '@mallo/contracts';
import type { RunningMallo } from './mallo.ts';

const HOUR_SECONDS = 3600;

/** Sends lines of a run's log as the sidecar of a training does, with a token of the run's. @param from lines sent before */
export async function sendLines(mallo: RunningMallo, runId: string, from: number, lines: string[]): Promise<void> {
  const client = new Client({ baseUrl: mallo.url, accessToken: runToken(mallo, runId) });
  const events = lines.map((line) => ({ type: 'log' as const, stream: 'stdout' as const, timeMs: Date.now(), line }));
  await client.call(liveRoutes.ingest, {
    params: { runId },
    body: { writer: 'stdout', from, to: from + lines.length, events },
  });
}

/** A JWT (HS256) as the api gives sidecars. */
function runToken(mallo: RunningMallo, runId: string): string {
  const { jwtSecret } = JSON.parse(readFileSync(join(mallo.home, 'secrets.json'), 'utf8')) as { jwtSecret: string };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + HOUR_SECONDS;
  const said = `${part({ alg: 'HS256' })}.${part({ kind: 'run', iss: 'mallo', sub: runId, exp })}`;
  return `${said}.${createHmac('sha256', jwtSecret).update(said).digest('base64url')}`;
}
