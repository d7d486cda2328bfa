import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Tokens } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { type Curve, type LiveEvent, liveRoutes } from '@mallo/contracts';

const MAIN = fileURLToPath(new URL('../../../telemetry/dist/main.js', import.meta.url));

/** The real telemetry, in a process of its own, and what a sidecar would report to it. */
export async function startTelemetry(
  databaseUrl: string,
  secret: string,
  settings: { port?: number; apiUrl?: string } = {},
) {
  const env = {
    DATABASE_URL: databaseUrl,
    MALLO_JWT_SECRET: secret,
    MALLO_URL: 'http://mallo.test',
    LOG_LEVEL: 'error',
    PORT: String(settings.port ?? 0),
    ...(settings.apiUrl ? { API_URL: settings.apiUrl } : {}),
  };
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  const tokens = new Tokens(secret);
  return {
    url,
    /** Makes a run known with these curves. */
    async report(runId: string, ownerId: string, projectId: string, curves: Curve[]): Promise<void> {
      const service = createClient({ baseUrl: url, accessToken: await tokens.sign({ kind: 'service' }) });
      await service.call(liveRoutes.open, { params: { runId }, body: { ownerId, projectId } });
      const events = curves.flatMap(({ key, points }) =>
        points.map(([step, value, timeMs]): LiveEvent => ({ type: 'metric', key, step, timeMs, value })),
      );
      const sidecar = createClient({ baseUrl: url, accessToken: await tokens.sign({ kind: 'run', runId }) });
      const body = { writer: 'stdout', from: 0, to: events.length, events };
      await sidecar.call(liveRoutes.ingest, { params: { runId }, body });
    },
    async stop(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
