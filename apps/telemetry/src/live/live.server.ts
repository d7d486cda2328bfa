import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { isFromOtherSite } from '@mallo/backend';
import {
  LIVE_SOCKET_PATH,
  type LiveClientToServer,
  type LiveServerToClient,
  type SequencedEvent,
} from '@mallo/contracts';
import { Server, type Socket } from 'socket.io';

export type LiveSocket = Socket<LiveClientToServer, LiveServerToClient>;

/** Those who keep up with a run. */
export function followersOf(runId: string): string {
  return `followers:${runId}`;
}

/** All who watch a run. */
export function watchersOf(runId: string): string {
  return `watchers:${runId}`;
}

/** Of engine.io's only transport here. */
type WebSocketTransport = { socket: { bufferedAmount: number } };

/** The Socket.io server; what goes to many is encoded once for all of them. */
export class LiveServer {
  private readonly io: Server<LiveClientToServer, LiveServerToClient>;

  constructor(ownUrl: string) {
    this.io = new Server({
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: 20_000,
      // A browser sends its cookie along whoever asks it to open a socket.
      allowRequest: (request: IncomingMessage, decide) => decide(null, !isFromOtherSite(request.headers, ownUrl)),
    });
  }

  attach(server: HttpServer, welcome: (socket: LiveSocket) => void): void {
    this.io.on('connection', welcome);
    this.io.attach(server);
  }

  get socketCount(): number {
    return this.io.engine ? this.io.engine.clientsCount : 0;
  }

  /** What was given to connections and is not with the operating system yet. */
  get waitingBytes(): number {
    let sum = 0;
    for (const { conn } of this.io.of('/').sockets.values())
      sum += (conn.transport as unknown as WebSocketTransport).socket.bufferedAmount;
    return sum;
  }

  sendEvents(runId: string, events: SequencedEvent[]): void {
    this.io.to(followersOf(runId)).emit('events', { runId, events });
  }

  sendPresence(runId: string, watchers: number): void {
    this.io.to(watchersOf(runId)).emit('presence', { runId, watchers });
  }

  close(): void {
    this.io.disconnectSockets(true);
    this.io.engine?.close();
  }
}
