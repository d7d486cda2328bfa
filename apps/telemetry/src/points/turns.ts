import { setImmediate } from 'node:timers/promises';

/** Work goes on for so long before others have their turn; who appends needs three of them. */
const TURN_MS = 1;

/** Long work in this thread, done a turn at a time. */
export class Turns {
  private begunMs = performance.now();

  /** To be awaited between two pieces of the work: lets others go first when it has had its turn. */
  async next(): Promise<void> {
    if (performance.now() - this.begunMs < TURN_MS) return;
    await setImmediate();
    this.begunMs = performance.now();
  }
}
