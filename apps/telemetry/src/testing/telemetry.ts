import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { newId, Tokens } from '@mallo/backend';
import { type Client, createClient } from '@mallo/client';
import { type LiveEvent, liveRoutes, type SequencedEvent } from '@mallo/contracts';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { createTelemetry } from '../app.js';
import { Database } from '../database.js';
import { PointStore } from '../points/point-store.js';
import { readEvents } from '../points/read-events.js';
import type { Settings } from '../settings.js';

export const SECRET = 'only-for-tests-'.repeat(3);
export const tokens = new Tokens(SECRET);

export type Telemetry = { url: string; points: PointStore; close: () => Promise<void> };

/** The service in this process, on a free port. */
export async function startTelemetry(databaseUrl: string, change: Partial<Settings> = {}): Promise<Telemetry> {
  const settings = {
    NODE_ENV: 'test' as const,
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'error' as const,
    MALLO_JWT_SECRET: SECRET,
    MALLO_URL: 'http://mallo.test',
    DATABASE_URL: databaseUrl,
    ...change,
  };
  const app = await createTelemetry(settings, pino({ level: 'silent' }));
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), points: app.get(PointStore), close: () => app.close() };
}

export type TelemetryProcess = {
  url: string;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** Moves its clock so far away from the real one; of a process that was started with `MOVABLE_CLOCK`. */
  moveClock: (movedMs: number) => Promise<void>;
};

/** Environment of a process whose clock can be moved. */
export const MOVABLE_CLOCK = {
  NODE_OPTIONS: `--import=${new URL('movable-clock.ts', import.meta.url)}`,
};

/** The service as it really runs, a process of its own, that can be killed and started again on its port. */
export async function startTelemetryProcess(
  databaseUrl: string,
  more: NodeJS.ProcessEnv = {},
): Promise<TelemetryProcess> {
  let child: ChildProcess | undefined;
  const service: TelemetryProcess = {
    url: '',
    async start() {
      const env = {
        ...process.env,
        PORT: service.url ? new URL(service.url).port : '0',
        LOG_LEVEL: 'error',
        MALLO_JWT_SECRET: SECRET,
        MALLO_URL: 'http://mallo.test',
        DATABASE_URL: databaseUrl,
        ...more,
      };
      const main = join(import.meta.dirname, '../../dist/main.js');
      const started = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child = started;
      const [message] = (await Promise.race([
        once(started, 'message'),
        once(started, 'exit').then(() => Promise.reject(new Error('telemetry did not start'))),
      ])) as [{ port: number }];
      service.url = `http://127.0.0.1:${message.port}`;
    },
    async moveClock(movedMs) {
      if (!child) return;
      const moved = once(child, 'message');
      child.send({ movedMs });
      await moved;
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
  await service.start();
  return service;
}

/** A token that is worth something until so many seconds from now. */
export function tokenFor(kind: 'user' | 'service', subject: string, seconds: number): Promise<string> {
  return new SignJWT({ kind })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('mallo')
    .setSubject(subject)
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(new TextEncoder().encode(SECRET));
}

export type RunWriter = { runId: string; writer: Client };
export type OpenRun = { runId: string; ownerId: string; owner: Client; writer: Client };

/** A run made known, with a client of its owner and one of its sidecar. */
export async function openRun(telemetry: { url: string }): Promise<OpenRun> {
  const runId = newId('run');
  const ownerId = newId('usr');
  const baseUrl = telemetry.url;
  const service = createClient({ baseUrl, accessToken: await tokens.sign({ kind: 'service' }) });
  await service.call(liveRoutes.open, { params: { runId }, body: { ownerId, projectId: newId('prj') } });
  return {
    runId,
    ownerId,
    owner: createClient({ baseUrl, accessToken: await tokens.sign({ kind: 'user', userId: ownerId }) }),
    writer: (await writerOf(telemetry, runId)).writer,
  };
}

/** A run's own client, as its sidecar has one. */
export async function writerOf({ url }: { url: string }, runId: string): Promise<RunWriter> {
  return { runId, writer: createClient({ baseUrl: url, accessToken: await tokens.sign({ kind: 'run', runId }) }) };
}

/** Sends events as a writer that counts them. @returns the answer's position. */
export async function send(run: RunWriter, writer: string, from: number, events: LiveEvent[], signal?: AbortSignal) {
  const body = { writer, from, to: from + events.length, events };
  const answer = await run.writer.call(liveRoutes.ingest, { params: { runId: run.runId }, body }, { signal });
  return answer.position;
}

/** All events of a run that are in the database at this address, whoever wrote them. */
export async function storedEvents(databaseUrl: string, runId: string): Promise<SequencedEvent[]> {
  const database = new Database(databaseUrl, pino({ level: 'silent' }));
  try {
    const events: SequencedEvent[] = [];
    for (;;) {
      const more = await readEvents(database, runId, events.length, 10_000);
      if (more.length === 0) return events;
      events.push(...more);
    }
  } finally {
    await database.onApplicationShutdown();
  }
}

/** A figure without labels, as the service tells it to Prometheus. */
export async function figure({ url }: { url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

export function logLine(line: string): LiveEvent {
  return { type: 'log', stream: 'stdout', timeMs: 1, line };
}

export function metric(key: string, step: number, value: number | 'NaN' | 'Infinity' | '-Infinity'): LiveEvent {
  return { type: 'metric', key, step, timeMs: 1000 + step, value };
}
