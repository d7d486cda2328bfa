import type { RunsFrame, WatchProjectAnswer } from '@mallo/contracts';
import type { Client } from './client.js';
import { type LinkListener, LiveConnection, refusal } from './live-connection.js';

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
    const askedMs = Date.now();
    let answer: WatchProjectAnswer;
    try {
      answer = await connection.asking.emitWithAck('watchProject', { projectId, metrics: [...metrics] });
    } catch {
      // No answer: if the connection is lost the socket connects anew, otherwise it is asked again.
      connection.later(() => socket.connected && void join());
      return;
    }
    if (stopped.aborted) return;
    if (answer.ok) {
      connection.letIn();
      connection.setLink('live');
      watcher.onJoined();
    } else if (answer.code === 'auth.required') {
      await connection.renewAndReconnect(askedMs);
    } else {
      connection.fail(refusal(answer.code));
    }
  };

  socket.on('connect', () => void join());
  socket.on('runs', (frame: RunsFrame) => {
    if (frame.projectId === projectId && !stopped.aborted) watcher.onRuns(frame.runs);
  });
  socket.connect();
  return () => connection.stop();
}
