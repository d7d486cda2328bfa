import type { Server as HttpServer } from 'node:http';
import type { OperatorMetrics, VerifyToken } from '@mallo/backend';
import { JoinRequest, type LiveRefusal, MalloError, WatchProject } from '@mallo/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import type { z } from 'zod';
import { EventsGone } from '../points/read-events.js';
import type { ProjectsService } from '../tracking/projects.service.js';
import { type LiveServer, type LiveSocket, watchersOf } from './live.server.js';
import type { LiveService } from './live.service.js';
import type { OtherInstances } from './other-instances.js';
import { type Person, personOfSocket } from './person-of-socket.js';
import type { Presence } from './presence.js';
import type { ProjectFeed } from './project-feed.js';
import type { RunFeed } from './run-feed.js';
import { isWritable, socketWatcher } from './socket-watcher.js';

/** Runs and projects. */
const WATCHED_BY_A_SOCKET = 50;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Parts = {
  server: LiveServer;
  live: LiveService;
  owners: ProjectsService;
  runs: RunFeed;
  projects: ProjectFeed;
  presence: Presence;
  others: OtherInstances | null;
  verify: VerifyToken;
  log: Logger;
};
type RefusalCode = LiveRefusal | 'events.gone';
/** What a socket wants to watch: its name, what the answer says, and the beginning of it, which answers its end. */
type Admitted<Said> = { name: string; said: Said; begin: () => () => void };

/** The live stream: browsers and programs join runs and projects, and are pushed what happens there. */
export class LiveGateway implements OnModuleDestroy {
  constructor(
    private readonly parts: Parts,
    { registry }: OperatorMetrics,
  ) {
    const { server } = parts;
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
    this.parts.server.attach(server, (socket) => this.welcome(socket));
  }

  onModuleDestroy(): void {
    this.parts.presence.close();
    this.parts.server.close();
  }

  private welcome(socket: LiveSocket): void {
    const watched = new Map<string, () => void>();
    let expiry: NodeJS.Timeout | undefined;
    const leave = (name: string) => {
      watched.get(name)?.();
      watched.delete(name);
    };
    const handler =
      <S extends z.ZodType, Said extends object>(
        schema: S,
        admit: (request: z.infer<S>, person: Person) => Promise<Admitted<Said>>,
      ) =>
      async (asked: unknown, answer: (answer: ({ ok: true } & Said) | { ok: false; code: never }) => void) => {
        if (typeof answer !== 'function') return;
        const refuse = (code: RefusalCode) => answer({ ok: false, code: code as never });
        const request = schema.safeParse(asked);
        if (!request.success) return refuse('request.invalid');
        try {
          const person = await personOfSocket(socket, this.parts.verify);
          if (!person) return refuse('auth.required');
          const { name, said, begin } = await admit(request.data, person);
          if (socket.disconnected) return;
          leave(name);
          if (watched.size >= WATCHED_BY_A_SOCKET) return refuse('request.invalid');
          answer({ ok: true, ...said });
          watched.set(name, begin());
          // Who comes back with a new token goes on where they were.
          expiry ??= setTimeout(
            () => socket.disconnect(true),
            Math.min(Math.max(0, person.expiresMs - Date.now()), LONGEST_TIMER_MS),
          );
        } catch (error) {
          const code = refusalOf(error);
          if (code) return refuse(code);
          // The database is away: the watcher is told by a closed connection, and tries again.
          this.parts.log.warn({ err: error }, 'a watcher could not join');
          socket.disconnect(true);
        }
      };

    socket.on(
      'join',
      handler(JoinRequest, (request, person) => this.admitToRun(socket, request, person)),
    );
    socket.on(
      'watchProject',
      handler(WatchProject, (request, person) => this.admitToProject(socket, request, person)),
    );
    socket.on('leave', (request) => leave(`run ${request?.runId}`));
    socket.on('leaveProject', (request) => leave(`project ${request?.projectId}`));
    socket.on('disconnect', () => {
      clearTimeout(expiry);
      for (const name of [...watched.keys()]) leave(name);
    });
  }

  private async admitToRun(socket: LiveSocket, { runId, after: asked }: JoinRequest, { userId, signIn }: Person) {
    const { live, runs, presence, others } = this.parts;
    const { seq, projectId } = await live.watched(runId, userId);
    // What it knows beyond that is of a database that was set back; it begins anew when it hears `seq`.
    const after = asked === null ? null : Math.min(asked, seq);
    if (after !== null) await live.checkEventsAfter(runId, after, seq);
    const begin = () => {
      const subscription = after === null ? null : runs.subscribe(runId, after, socketWatcher(socket, runId));
      void socket.join(watchersOf(runId));
      const left = presence.joined(runId, projectId, signIn);
      // What was stored elsewhere before this one listened is asked of the database.
      const deaf = others?.listen(projectId, () => runs.published(runId, []));
      subscription?.wake();
      return () => {
        subscription?.end();
        void socket.leave(watchersOf(runId));
        left();
        deaf?.();
      };
    };
    return { name: `run ${runId}`, said: { seq }, begin };
  }

  private async admitToProject(socket: LiveSocket, { projectId, metrics }: WatchProject, { userId }: Person) {
    const { owners, projects, others } = this.parts;
    await owners.checkOwner(userId, projectId);
    const begin = () => {
      const end = projects.watch(projectId, metrics, {
        isReady: () => isWritable(socket),
        send: (frame) => socket.emit('runs', frame),
        giveUp: () => socket.disconnect(true),
      });
      const deaf = others?.listen(projectId, () => {});
      return () => {
        end();
        deaf?.();
      };
    };
    return { name: `project ${projectId}`, said: {}, begin };
  }
}

function refusalOf(error: unknown): RefusalCode | null {
  if (error instanceof EventsGone) return 'events.gone';
  if (!(error instanceof MalloError)) return null;
  const { code } = error;
  return code === 'run.not_found' || code === 'project.not_found' ? code : null;
}
