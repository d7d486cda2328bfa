import type { PresenceFrame } from '@mallo/contracts';
import type { Client } from './client.js';
import { LiveConnection } from './live-connection.js';

export type PresenceWatcher = {
  /** From how many browsers and programs the run is watched now, this one among them. */
  onPresence: (watchers: number) => void;
};

/**
 * Counts as somebody who watches a run, and tells how many do, until the returned function is called. Of what the run
 * reports nothing is told: who wants that uses `watchRun` or `watchProject`.
 */
export function watchPresence(client: Client, runId: string, watcher: PresenceWatcher): () => void {
  const connection = new LiveConnection(client, {});
  const { socket, stopped } = connection;
  const join = () =>
    connection.join(
      (to) => to.emitWithAck('join', { runId, after: null }),
      () => void join(),
    );
  socket.on('connect', () => void join());
  socket.on('presence', (frame: PresenceFrame) => {
    if (frame.runId === runId && !stopped.aborted) watcher.onPresence(frame.watchers);
  });
  socket.connect();
  return () => connection.stop();
}
