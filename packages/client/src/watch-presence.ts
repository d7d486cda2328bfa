import type { EventsFrame, PresenceFrame } from '@mallo/contracts';
import type { Client } from './client.js';
import { LiveConnection } from './live-connection.js';

export type PresenceWatcher = {
  /** How many people watch the run now, this one among them. */
  onPresence: (watchers: number) => void;
  /** The log of the run has more lines. */
  onLog?: () => void;
};

/**
 * Counts as somebody who watches a run, and tells how many do, until the returned function is called. Of what the run
 * reports it only says that there are lines of log: who wants more asks for it, or uses `watchRun`.
 */
export function watchPresence(client: Client, runId: string, watcher: PresenceWatcher): () => void {
  const connection = new LiveConnection(client, {});
  const { socket, stopped } = connection;
  // From where it stands now, wherever that is: nothing is asked for that could be gone.
  const join = () =>
    connection.join(
      (to) => to.emitWithAck('join', { runId, after: Number.MAX_SAFE_INTEGER }),
      () => void join(),
    );
  socket.on('connect', () => void join());
  socket.on('presence', (frame: PresenceFrame) => {
    if (frame.runId === runId && !stopped.aborted) watcher.onPresence(frame.watchers);
  });
  socket.on('events', (frame: EventsFrame) => {
    if (frame.runId !== runId || stopped.aborted) return;
    if (frame.events.some(({ event }) => event.type === 'log')) watcher.onLog?.();
  });
  socket.connect();
  return () => connection.stop();
}
