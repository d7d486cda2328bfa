import { type EventsFrame, liveRoutes, type PresenceFrame } from '@mallo/contracts';
import type { Client } from './client.js';
import { ApiError } from './errors.js';
import { type LinkListener, LiveConnection } from './live-connection.js';
import { applyEvents, CURVE_POINTS, LOG_LINES, type RunView, viewOfSnapshot } from './run-view.js';

export type RunWatcher = LinkListener & {
  onView: (view: RunView) => void;
  /** The run's record changed, or may have while nobody watched: fetch it again. */
  onRunChanged?: () => void;
  /** From how many browsers and programs the run is watched now, this one among them. */
  onPresence?: (watchers: number) => void;
};

/** A run just started may not be known to telemetry yet. */
const UNKNOWN_RUN_GRACE_MS = 60_000;

/**
 * Shows a run as it goes: its state now, then every event once and in order, through lost connections and
 * restarts of either side, until the returned function is called.
 */
export function watchRun(client: Client, runId: string, watcher: RunWatcher): () => void {
  const startedMs = Date.now();
  const connection = new LiveConnection(client, watcher);
  const { socket, stopped } = connection;
  let view: RunView | null = null;
  let joining = false;

  const load = async () => {
    try {
      const query = { maxPoints: CURVE_POINTS, logLines: LOG_LINES };
      const snapshot = await client.call(liveRoutes.snapshot, { params: { runId }, query }, { signal: stopped });
      if (stopped.aborted) return;
      view = viewOfSnapshot(snapshot);
      watcher.onView(view);
      watcher.onRunChanged?.();
      if (socket.connected) void join();
      else socket.connect();
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) {
        const mayAppear = error.code === 'run.not_found' && !view && Date.now() - startedMs < UNKNOWN_RUN_GRACE_MS;
        if (!mayAppear) return connection.fail(error);
      }
      if (view) connection.setLink('reconnecting');
      connection.later(() => void load());
    }
  };

  const join = async () => {
    if (!view || joining || stopped.aborted) return;
    joining = true;
    const after = view.seq;
    const answer = await connection.join(
      (to) => to.emitWithAck('join', { runId, after }),
      () => void join(),
    );
    joining = false;
    if (!answer) return;
    // Away for so long that a snapshot is quicker than all that was missed.
    if (!answer.ok) connection.later(() => void load());
    // Telemetry remembers less than was seen here: it was set back, so begin anew.
    else if (answer.seq < after) void load();
    else connection.setLink('live');
  };

  socket.on('connect', () => void join());
  socket.on('events', (frame: EventsFrame) => {
    if (!view || frame.runId !== runId || stopped.aborted) return;
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
  socket.on('presence', (frame: PresenceFrame) => {
    if (frame.runId === runId && !stopped.aborted) watcher.onPresence?.(frame.watchers);
  });

  void load();
  return () => connection.stop();
}
