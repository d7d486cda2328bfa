import type { Server as HttpServer, IncomingMessage } from 'node:http';
import {
  ACCESS_COOKIE,
  ACCESS_TOKEN_SECONDS,
  API_TOKEN_PREFIX,
  isFromOtherSite,
  type OperatorMetrics,
  readCookie,
  type VerifyToken,
} from '@mallo/backend';
import {
  JoinRequest,
  LIVE_SOCKET_PATH,
  type LiveClientToServer,
  type LiveServerToClient,
  MalloError,
  type SequencedEvent,
} from '@mallo/contracts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { decodeJwt } from 'jose';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { Server, type Socket } from 'socket.io';
import { LiveService } from './live.service.js';
import { RunFeed, type Subscription } from './run-feed.js';

const RUNS_OF_A_SOCKET = 50;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type LiveSocket = Socket<LiveClientToServer, LiveServerToClient>;
type Watcher = { userId: string; expiresMs: number };

/** The live stream: browsers and programs join runs and are pushed their events. */
@Injectable()
export class LiveGateway implements OnModuleDestroy {
  private io: Server<LiveClientToServer, LiveServerToClient> | undefined;

  constructor(
    private readonly live: LiveService,
    private readonly feed: RunFeed,
    private readonly verify: VerifyToken,
    private readonly ownUrl: string,
    private readonly log: Logger,
    { registry }: OperatorMetrics,
  ) {
    new Gauge({
      name: 'mallo_telemetry_watchers',
      help: 'Runs being watched over the live stream, counted once for each watcher',
      registers: [registry],
      collect() {
        this.set(feed.subscriptionCount);
      },
    });
  }

  attach(server: HttpServer): void {
    this.io = new Server(server, {
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: 10_000,
      // A browser sends its cookie along whoever asks it to open a socket.
      allowRequest: (request: IncomingMessage, decide) => decide(null, !isFromOtherSite(request.headers, this.ownUrl)),
    });
    this.io.on('connection', (socket) => this.welcome(socket));
  }

  onModuleDestroy(): void {
    this.io?.disconnectSockets(true);
    this.io?.engine.close();
  }

  private welcome(socket: LiveSocket): void {
    const subscriptions = new Map<string, Subscription>();
    const leave = (runId: string) => {
      subscriptions.get(runId)?.end();
      subscriptions.delete(runId);
    };
    let expiry: NodeJS.Timeout | undefined;

    socket.on('join', async (asked, answer) => {
      if (typeof answer !== 'function') return;
      const request = JoinRequest.safeParse(asked);
      if (!request.success) return answer({ ok: false, code: 'request.invalid' });
      const { runId, after } = request.data;
      try {
        const watcher = await this.watcherOf(socket);
        if (!watcher) return answer({ ok: false, code: 'auth.required' });
        const { seq } = await this.live.watched(runId, watcher.userId);
        if (socket.disconnected) return;
        leave(runId);
        if (subscriptions.size >= RUNS_OF_A_SOCKET) return answer({ ok: false, code: 'request.invalid' });
        if (!(await this.live.hasEventsAfter(runId, after))) return answer({ ok: false, code: 'events.gone' });
        if (socket.disconnected) return;
        answer({ ok: true, seq });
        subscriptions.set(
          runId,
          this.feed.subscribe(
            runId,
            after,
            (events) => send(socket, runId, events),
            // Who fell so far behind comes back, and is told to begin anew.
            () => socket.disconnect(true),
          ),
        );
        // Who comes back with a new token goes on where they were.
        expiry ??= setTimeout(
          () => socket.disconnect(true),
          Math.min(Math.max(0, watcher.expiresMs - Date.now()), LONGEST_TIMER_MS),
        );
      } catch (error) {
        if (error instanceof MalloError && error.code === 'run.not_found') {
          return answer({ ok: false, code: 'run.not_found' });
        }
        // The database is away: the watcher is told by a closed connection, and tries again.
        this.log.warn({ err: error }, 'a watcher could not join');
        socket.disconnect(true);
      }
    });
    socket.on('leave', (request) => leave(String(request?.runId)));
    socket.on('disconnect', () => {
      clearTimeout(expiry);
      for (const runId of [...subscriptions.keys()]) leave(runId);
    });
  }

  /** Whoever the socket's token (of a program) or cookie (of a browser) stands for, while it is valid. */
  private async watcherOf(socket: LiveSocket): Promise<Watcher | null> {
    const given: unknown = socket.handshake.auth.token;
    const token = typeof given === 'string' ? given : readCookie(socket.handshake.headers.cookie, ACCESS_COOKIE);
    const principal = token ? await this.verify(token) : null;
    if (!token || principal?.kind !== 'user') return null;
    // A program's token has no end of its own, but may be revoked: it is asked about again.
    const expiresMs = token.startsWith(API_TOKEN_PREFIX)
      ? Date.now() + ACCESS_TOKEN_SECONDS * 1000
      : (decodeJwt(token).exp ?? 0) * 1000;
    return { userId: principal.userId, expiresMs };
  }
}

/** Sends a frame, and waits while the connection is slower than the run, so that nothing piles up in memory. */
async function send(socket: LiveSocket, runId: string, events: SequencedEvent[]): Promise<void> {
  socket.emit('events', { runId, events });
  const { conn } = socket;
  while (conn.readyState === 'open' && !conn.transport.writable) {
    const { promise, resolve } = Promise.withResolvers<void>();
    conn.transport.once('ready', resolve);
    conn.once('close', resolve);
    await promise;
    conn.transport.off('ready', resolve);
    conn.off('close', resolve);
  }
}
