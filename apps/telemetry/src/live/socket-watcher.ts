import { followersOf, type LiveSocket } from './live.server.js';
import type { Watcher } from './subscription.js';

/** A socket as a watcher of a run: at most one frame of the run waits in it, whatever its speed. */
export function socketWatcher(socket: LiveSocket, runId: string): Watcher {
  return {
    isReady: () => isWritable(socket),
    untilReady: () => untilWritable(socket),
    send: (events) => socket.emit('events', { runId, events }),
    follow: () => void socket.join(followersOf(runId)),
    unfollow: () => void socket.leave(followersOf(runId)),
    // Who comes back and asks for what is gone is told to begin anew.
    gone: () => socket.disconnect(true),
  };
}

export function isWritable({ conn }: LiveSocket): boolean {
  return conn.readyState === 'open' && conn.transport.writable;
}

/** Resolves when the connection has taken what it was given, or is over. */
async function untilWritable({ conn }: LiveSocket): Promise<void> {
  while (conn.readyState === 'open' && !conn.transport.writable) {
    const { promise, resolve } = Promise.withResolvers<void>();
    conn.transport.once('ready', resolve);
    conn.once('close', resolve);
    await promise;
    conn.transport.off('ready', resolve);
    conn.off('close', resolve);
  }
}
