import type { RunsFrame } from '@mallo/contracts';
import type { Client } from './client.js';
import { type LinkListener, LiveConnection } from './live-connection.js';

export type ProjectWatcher = LinkListener & {
  /** Runs that changed, each with its status now and those of the wanted metrics that moved. */
  onRuns: (runs: RunsFrame['runs']) => void;
  /** From now on changes are told; of those before this knows nothing, so ask for the runs (again). */
  onJoined: () => void;
};

/**
 * Tells what changes in the runs of a project, through lost connections and restarts of either side, until the
 * returned function is called.
 * @param metrics names whose last points are wanted, at most 200
 */
export function watchProject(
  client: Client,
  projectId: string,
  metrics: readonly string[],
  watcher: ProjectWatcher,
): () => void {
  const connection = new LiveConnection(client, watcher);
  const { socket, stopped } = connection;

  const join = async () => {
    const question = { projectId, metrics: [...metrics] };
    const answer = await connection.join(
      (to) => to.emitWithAck('watchProject', question),
      () => void join(),
    );
    if (!answer) return;
    connection.setLink('live');
    watcher.onJoined();
  };

  socket.on('connect', () => void join());
  socket.on('runs', (frame: RunsFrame) => {
    if (frame.projectId === projectId && !stopped.aborted) watcher.onRuns(frame.runs);
  });
  socket.connect();
  return () => connection.stop();
}
