import { LIVE_SOCKET_PATH, type RunsFrame, type WatchProject } from '@mallo/contracts';
import { io, type Socket } from 'socket.io-client';
import type { Client } from './client.js';
import { ApiError } from './errors.js';
import type { LinkState } from './watch-run.js';

type ServerToClient = { runs: (frame: RunsFrame) => void };
type Answer = { ok: true } | { ok: false; code: 'auth.required' | 'project.not_found' | 'request.invalid' };
type ClientToServer = { watchProject: (request: WatchProject, answer: (answer: Answer) => void) => void };

export type ProjectWatcher = {
  onRuns: (runs: RunsFrame['runs']) => void;
  onJoined: () => void;
  onLink?: (state: LinkState) => void;
  onError?: (error: ApiError) => void;
};

const RETRY_MS = 2000;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Tells what changes of a project's runs, and the last points of some of their metrics, through lost connections, until
 * it is stopped.
 */
export function watchProject(
  client: Client,
  projectId: string,
  metrics: readonly string[],
  watcher: ProjectWatcher,
): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const socket: Socket<ServerToClient, ClientToServer> = io(client.baseUrl || undefined, {
    path: LIVE_SOCKET_PATH,
    transports: ['websocket'],
    withCredentials: true,
    forceNew: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
    auth: (give) => give(client.accessToken ? { token: client.accessToken } : {}),
  });
  const again = () => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void ask(), RETRY_MS);
  };
  const ask = async () => {
    if (isStopped || !socket.connected) return;
    const askedMs = Date.now();
    const answer = await socket
      .timeout(ANSWER_TIMEOUT_MS)
      .emitWithAck('watchProject', { projectId, metrics: [...metrics] })
      .catch(() => null);
    if (isStopped) return;
    if (!answer) return again();
    if (answer.ok) {
      watcher.onLink?.('live');
      watcher.onJoined();
      return;
    }
    watcher.onLink?.('reconnecting');
    if (answer.code !== 'auth.required') return;
    // The token is read when a connection begins, so a new one needs a new connection.
    const renewed = await client.renew(askedMs).then(
      () => true,
      (error) => !(error instanceof ApiError && error.status < 500),
    );
    if (renewed && !isStopped) socket.disconnect().connect();
  };
  const lost = () => {
    if (!isStopped) watcher.onLink?.('reconnecting');
  };
  socket.on('connect', () => void ask());
  socket.on('connect_error', lost);
  socket.on('disconnect', (reason) => {
    lost();
    // Only when the server ends it does socket.io not come back by itself.
    if (reason === 'io server disconnect' && !isStopped) timer = setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on('runs', (frame) => {
    if (!isStopped && frame.projectId === projectId) watcher.onRuns(frame.runs);
  });
  return () => {
    isStopped = true;
    clearTimeout(timer);
    socket.disconnect();
  };
}
