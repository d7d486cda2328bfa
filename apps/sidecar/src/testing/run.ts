import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, Tokens } from '@mallo/backend';
import { type Client, createClient } from '@mallo/client';
import {
  LIVE_SOCKET_PATH,
  type LiveClientToServer,
  type LiveEvent,
  type LiveServerToClient,
  liveRoutes,
  type SequencedEvent,
} from '@mallo/contracts';
import { io, type Socket } from 'socket.io-client';

const SECRET = 'only-for-tests-'.repeat(3);
const OWNER = 'usr_1';
const tokens = new Tokens(SECRET);

/** A process of ours that can be killed and started again. */
export class Service {
  private child: ChildProcess | undefined;

  constructor(
    private readonly main: string,
    private readonly args: string[],
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  /** @returns the process; with `stdio` as given. */
  launch(): ChildProcess {
    this.child = spawn(process.execPath, [this.main, ...this.args], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return this.child;
  }

  /** Starts a service that tells its port. */
  async start(): Promise<string> {
    const child = this.launch();
    const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${this.main} did not start`)));
    const [message] = (await Promise.race([once(child, 'message'), failed])) as [{ port: number }];
    failed.catch(() => undefined);
    return `http://127.0.0.1:${message.port}`;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}

/** Telemetry as it really runs. It comes back on another port each time, as after a restart of Mallo. */
export function telemetryService(databaseUrl: string): Service {
  return new Service(join(import.meta.dirname, '../../../telemetry/dist/main.js'), [], {
    PORT: '0',
    LOG_LEVEL: 'error',
    MALLO_JWT_SECRET: SECRET,
    MALLO_URL: 'http://mallo.test',
    DATABASE_URL: databaseUrl,
  });
}

type Received = { name: string; sha256: string; authorization: string | undefined };

/** Takes artifacts as the api does: the bytes must have the SHA-256 that the address tells. */
export async function artifactServer() {
  const received: Received[] = [];
  const kept = new Map<string, string>();
  const server = createServer(async (request, answer) => {
    const url = new URL(String(request.url), 'http://local');
    const name = url.pathname.split('/').at(-1) ?? '';
    const hash = createHash('sha256');
    let sizeBytes = 0;
    try {
      for await (const chunk of request) {
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
    } catch {
      return;
    }
    const sha256 = hash.digest('hex');
    const isRight = sha256 === url.searchParams.get('sha256') && request.method === 'PUT';
    if (isRight) {
      received.push({ name, sha256, authorization: request.headers.authorization });
      kept.set(name, sha256);
    }
    answer.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify({ sizeBytes }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** SHA-256 by name, of the last bytes that were taken. */
    kept,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type RunUnderTest = {
  runId: string;
  path: string;
  token: string;
  /** Makes the run known to telemetry, and writes where to deliver. */
  connect: (telemetryUrl: string, apiUrl: string) => Promise<void>;
  /** Speaks to telemetry as the run's owner does. */
  owner: () => Promise<Client>;
  sidecar: () => Service;
  remove: () => Promise<void>;
};

/** A run's folder as the api makes it. */
export async function makeRun(): Promise<RunUnderTest> {
  const path = await mkdtemp(join(tmpdir(), 'mallo-run-'));
  const runId = newId('run');
  const token = await tokens.sign({ kind: 'run', runId });
  await mkdir(join(path, 'output'));
  await writeFile(join(path, 'stdout.log'), '');
  await writeFile(join(path, 'stderr.log'), '');
  let baseUrl = '';
  return {
    runId,
    path,
    token,
    async connect(telemetryUrl, apiUrl) {
      const service = createClient({ baseUrl: telemetryUrl, accessToken: await tokens.sign({ kind: 'service' }) });
      const body = { ownerId: OWNER, projectId: 'prj_1' };
      await service.call(liveRoutes.open, { params: { runId }, body });
      await writeFile(join(path, '.new'), JSON.stringify({ runId, token, apiUrl, telemetryUrl }));
      await rename(join(path, '.new'), join(path, 'sidecar.json'));
      baseUrl = telemetryUrl;
    },
    owner: async () => createClient({ baseUrl, accessToken: await tokens.sign({ kind: 'user', userId: OWNER }) }),
    sidecar: () => new Service(join(import.meta.dirname, '../../dist/main.js'), [path]),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** All that telemetry has of a run, in its order. */
export async function eventsOf({ baseUrl, accessToken }: Client, runId: string): Promise<LiveEvent[]> {
  const socket: Socket<LiveServerToClient, LiveClientToServer> = io(baseUrl, {
    path: LIVE_SOCKET_PATH,
    transports: ['websocket'],
    auth: { token: accessToken },
  });
  const events: SequencedEvent[] = [];
  const { promise: came, resolve } = Promise.withResolvers<void>();
  let last = Number.POSITIVE_INFINITY;
  const see = () => events.length >= last && resolve();
  socket.on('events', (frame) => {
    events.push(...frame.events);
    see();
  });
  try {
    const answer = await socket.emitWithAck('join', { runId, after: 0 });
    if (!answer.ok) throw new Error(answer.code);
    last = answer.seq;
    see();
    await came;
  } finally {
    socket.disconnect();
  }
  if (events.some(({ seq }, index) => seq !== index + 1))
    throw new Error('events are missing, doubled or out of order');
  return events.map(({ event }) => event);
}

export async function sha256OfFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
