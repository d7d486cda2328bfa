import type { Server as HttpServer } from 'node:http';
import {
  ACCESS_COOKIE,
  ACCESS_TOKEN_SECONDS,
  API_TOKEN_PREFIX,
  type OperatorMetrics,
  readCookie,
  type VerifyToken,
} from '@mallo/backend';
import { type JoinAnswer, JoinRequest, MalloError } from '@mallo/contracts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { decodeJwt } from 'jose';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { EventsGone } from '../points/read-events.js';
import { type LiveServer, type LiveSocket, watchersOf } from './live.server.js';
import { LiveService } from './live.service.js';
import type { Presence } from './presence.js';
import { RunFeed } from './run-feed.js';
import { socketWatcher } from './socket-watcher.js';

const RUNS_OF_A_SOCKET = 50;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Person = { userId: string; expiresMs: number };
/** What a socket watches, by name, each with its end. */
type Watched = Map<string, () => void>;

/** The live stream: browsers and programs join runs and are pushed their events. */
@Injectable()
export class LiveGateway implements OnModuleDestroy {
  constructor(
    private readonly server: LiveServer,
    private readonly live: LiveService,
    private readonly feed: RunFeed,
    private readonly presence: Presence,
    private readonly verify: VerifyToken,
    private readonly log: Logger,
    { registry }: OperatorMetrics,
  ) {
    new Gauge({
      name: 'mallo_telemetry_sockets',
      help: 'Connections of the live stream',
      registers: [registry],
      collect() {
        this.set(server.socketCount);
      },
    });
    new Gauge({
      name: 'mallo_telemetry_waiting_bytes',
      help: 'Bytes in memory for connections that take them slower than they come',
      registers: [registry],
      collect() {
        this.set(server.waitingBytes);
      },
    });
  }

  attach(server: HttpServer): void {
    this.server.attach(server, (socket) => this.welcome(socket));
  }

  onModuleDestroy(): void {
    this.presence.close();
    this.server.close();
  }

  private welcome(socket: LiveSocket): void {
    const watched: Watched = new Map();
    let expiry: NodeJS.Timeout | undefined;
    const leave = (name: string) => {
      watched.get(name)?.();
      watched.delete(name);
    };

    socket.on('join', async (asked, answer) => {
      if (typeof answer !== 'function') return;
      const request = JoinRequest.safeParse(asked);
      if (!request.success) return answer({ ok: false, code: 'request.invalid' });
      const { runId } = request.data;
      try {
        const person = await this.personOf(socket);
        if (!person) return answer({ ok: false, code: 'auth.required' });
        const { seq } = await this.live.watched(runId, person.userId);
        // What it knows beyond that is of a database that was set back; it begins anew when it hears `seq`.
        const after = Math.min(request.data.after, seq);
        // All that is read before the answer: afterwards nothing of it can be gone.
        await this.live.checkEventsAfter(runId, after, seq);
        if (socket.disconnected) return;
        leave(runId);
        if (watched.size >= RUNS_OF_A_SOCKET) return answer({ ok: false, code: 'request.invalid' });
        answer({ ok: true, seq });
        watched.set(runId, this.watch(socket, runId, after, person.userId));
        // Who comes back with a new token goes on where they were.
        expiry ??= setTimeout(
          () => socket.disconnect(true),
          Math.min(Math.max(0, person.expiresMs - Date.now()), LONGEST_TIMER_MS),
        );
      } catch (error) {
        const code = refusalOf(error);
        if (code) return answer({ ok: false, code });
        // The database is away: the watcher is told by a closed connection, and tries again.
        this.log.warn({ err: error }, 'a watcher could not join');
        socket.disconnect(true);
      }
    });
    socket.on('leave', (request) => leave(String(request?.runId)));
    socket.on('disconnect', () => {
      clearTimeout(expiry);
      for (const name of [...watched.keys()]) leave(name);
    });
  }

  private watch(socket: LiveSocket, runId: string, after: number, userId: string): () => void {
    const subscription = this.feed.subscribe(runId, after, socketWatcher(socket, runId));
    void socket.join(watchersOf(runId));
    const left = this.presence.joined(runId, userId);
    subscription.wake();
    return () => {
      subscription.end();
      void socket.leave(watchersOf(runId));
      left();
    };
  }

  /** Whoever the socket's token (of a program) or cookie (of a browser) stands for, while it is valid. */
  private async personOf(socket: LiveSocket): Promise<Person | null> {
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

function refusalOf(error: unknown): Extract<JoinAnswer, { ok: false }>['code'] | null {
  if (error instanceof EventsGone) return 'events.gone';
  return error instanceof MalloError && error.code === 'run.not_found' ? error.code : null;
}
