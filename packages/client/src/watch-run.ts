import {
  type EventsFrame,
  errorMessage,
  type JoinAnswer,
  LIVE_SOCKET_PATH,
  type LiveClientToServer,
  type LiveServerToClient,
  liveRoutes,
} from '@mallo/contracts';
import { io, type Socket } from 'socket.io-client';
import type { Client } from './client.js';
import { ApiError } from './errors.js';
import { applyEvents, CURVE_POINTS, LOG_LINES, type RunView, viewOfSnapshot } from './run-view.js';

/** Of the connection, which says nothing of the training: it goes on without anybody watching. */
export type LinkState = 'connecting' | 'live' | 'reconnecting';

export type RunWatcher = {
  onView: (view: RunView) => void;
  onLink?: (state: LinkState) => void;
  /** The run's record changed, or may have while nobody watched: fetch it again. */
  onRunChanged?: () => void;
  /** The run cannot be watched (it is gone, or the session ended); nothing more will come. */
  onError?: (error: ApiError) => void;
};

const RETRY_MS = [500, 1000, 2000, 4000];
/** A run just started may not be known to telemetry yet. */
const UNKNOWN_RUN_GRACE_MS = 60_000;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Shows a run as it goes: its state now, then every event once and in order, through lost connections and
 * restarts of either side, until the returned function is called.
 */
export function watchRun(client: Client, runId: string, watcher: RunWatcher): () => void {
  const stopped = new AbortController();
  const startedMs = Date.now();
  let view: RunView | null = null;
  let failures = 0;
  let renewals = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let joining = false;

  const socket: Socket<LiveServerToClient, LiveClientToServer> = io(client.baseUrl || undefined, {
    path: LIVE_SOCKET_PATH,
    transports: ['websocket'],
    withCredentials: true,
    autoConnect: false,
    // One connection for each watcher, so that stopping one does not stop another.
    forceNew: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
    auth: (give) => give(client.accessToken ? { token: client.accessToken } : {}),
  });

  let link: LinkState = 'connecting';
  const setLink = (state: LinkState) => {
    if (state === link || stopped.signal.aborted) return;
    link = state;
    watcher.onLink?.(state);
  };

  const stop = () => {
    stopped.abort();
    clearTimeout(timer);
    socket.disconnect();
  };
  const fail = (error: ApiError) => {
    if (stopped.signal.aborted) return;
    stop();
    watcher.onError?.(error);
  };
  const later = (work: () => void) => {
    if (stopped.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(work, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  };

  const load = async () => {
    try {
      const query = { maxPoints: CURVE_POINTS, logLines: LOG_LINES };
      const snapshot = await client.call(liveRoutes.snapshot, { params: { runId }, query }, { signal: stopped.signal });
      if (stopped.signal.aborted) return;
      view = viewOfSnapshot(snapshot);
      watcher.onView(view);
      watcher.onRunChanged?.();
      if (socket.connected) void join();
      else socket.connect();
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) {
        const mayAppear = error.code === 'run.not_found' && !view && Date.now() - startedMs < UNKNOWN_RUN_GRACE_MS;
        if (!mayAppear) return fail(error);
      }
      if (view) setLink('reconnecting');
      later(() => void load());
    }
  };

  const join = async () => {
    if (!view || joining || stopped.signal.aborted) return;
    joining = true;
    const askedMs = Date.now();
    const after = view.seq;
    let answer: JoinAnswer;
    try {
      answer = await socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('join', { runId, after });
    } catch {
      // No answer: if the connection is lost the socket connects anew, otherwise it is asked again.
      later(() => socket.connected && void join());
      return;
    } finally {
      joining = false;
    }
    if (stopped.signal.aborted) return;
    if (answer.ok) {
      failures = 0;
      renewals = 0;
      // Telemetry remembers less than was seen here: it was set back, so begin anew.
      if (answer.seq < after) void load();
      else setLink('live');
    } else if (answer.code === 'auth.required') {
      await renewAndReconnect(askedMs);
    } else if (answer.code === 'events.gone') {
      // Away for so long that a snapshot is quicker than all that was missed.
      later(() => void load());
    } else {
      fail(errorOfJoin(answer.code));
    }
  };

  /** The token is read when a connection begins, so a new one needs a new connection. */
  const renewAndReconnect = async (sinceMs: number) => {
    setLink('reconnecting');
    if (renewals > 0) return fail(errorOfJoin('auth.required'));
    try {
      await client.renew(sinceMs);
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return fail(error);
      return later(() => void renewAndReconnect(sinceMs));
    }
    if (stopped.signal.aborted) return;
    renewals += 1;
    socket.disconnect().connect();
  };

  socket.on('connect', () => void join());
  // A connection that was never made is no less lost: socket.io goes on trying, and the page has to say so.
  socket.on('connect_error', () => setLink('reconnecting'));
  socket.on('disconnect', (reason) => {
    setLink('reconnecting');
    // Only when the server ends it does socket.io not come back by itself.
    if (reason === 'io server disconnect') later(() => socket.connect());
  });
  socket.on('events', (frame: EventsFrame) => {
    if (!view || frame.runId !== runId || stopped.signal.aborted) return;
    try {
      const next = applyEvents(view, frame.events);
      if (next === view) return;
      view = next;
    } catch {
      void join();
      return;
    }
    watcher.onView(view);
    if (frame.events.some(({ event }) => event.type === 'run')) watcher.onRunChanged?.();
  });

  void load();
  return stop;
}

function errorOfJoin(code: Exclude<Extract<JoinAnswer, { ok: false }>['code'], 'events.gone'>): ApiError {
  const status = { 'auth.required': 401, 'run.not_found': 404, 'request.invalid': 400 }[code];
  return new ApiError(code, status, errorMessage(code), {}, '');
}
