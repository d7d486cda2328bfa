import type { SequencedEvent } from '@mallo/contracts';
import type { Logger } from 'pino';
import { EventsGone } from '../points/read-events.js';

/** Events in one frame at most. */
export const FRAME_MAX_EVENTS = 500;
/** Events kept in memory of a watched run, so that watchers who keep up never touch the database. */
const TAIL_EVENTS = 2000;
const RETRY_MS = 1000;

type ReadEvents = (runId: string, after: number, limit: number) => Promise<SequencedEvent[]>;
/** Resolves when more may be sent. */
type Deliver = (events: SequencedEvent[]) => Promise<void> | void;
/** Events that were to come next are no longer stored one by one: begin anew with a snapshot. */
type Gone = () => void;
type WatchedRun = { tail: SequencedEvent[]; subscriptions: Set<Subscription> };

/**
 * Hands each watcher of a run its events once and in order. A watcher has a place in the run's sequence and is
 * given what comes after it: from memory if it is there, else from the database. So history and the live stream
 * are one thing, without a boundary at which to lose or repeat something, and commits reported out of order,
 * or never, do no harm.
 */
export class RunFeed {
  private readonly runs = new Map<string, WatchedRun>();

  constructor(
    private readonly read: ReadEvents,
    private readonly log: Logger,
  ) {}

  get subscriptionCount(): number {
    let count = 0;
    for (const { subscriptions } of this.runs.values()) count += subscriptions.size;
    return count;
  }

  isWatched(runId: string): boolean {
    return this.runs.has(runId);
  }

  /** Events that were committed. None: something may have been committed that nobody told. */
  published(runId: string, events: SequencedEvent[]): void {
    const run = this.runs.get(runId);
    if (!run) return;
    const follows = events[0] && events[0].seq === (run.tail.at(-1)?.seq ?? Number.NaN) + 1;
    // After a hole, older events are read from the database, which has none.
    run.tail = follows ? [...run.tail, ...events].slice(-TAIL_EVENTS) : events.slice(-TAIL_EVENTS);
    for (const subscription of run.subscriptions) subscription.wake();
  }

  subscribe(runId: string, after: number, deliver: Deliver, gone: Gone): Subscription {
    const run = this.runs.get(runId) ?? { tail: [], subscriptions: new Set() };
    this.runs.set(runId, run);
    const next = async (place: number) => {
      const first = run.tail[0]?.seq;
      if (first === undefined || place + 1 < first) return this.read(runId, place, FRAME_MAX_EVENTS);
      return run.tail.slice(place + 1 - first, place + 1 - first + FRAME_MAX_EVENTS);
    };
    const ended = () => {
      run.subscriptions.delete(subscription);
      if (run.subscriptions.size === 0) this.runs.delete(runId);
    };
    const subscription = new Subscription(after, next, deliver, gone, ended, this.log);
    run.subscriptions.add(subscription);
    subscription.wake();
    return subscription;
  }
}

export class Subscription {
  private running = false;
  private woken = false;
  private over = false;

  constructor(
    private place: number,
    private readonly next: (place: number) => Promise<SequencedEvent[]>,
    private readonly deliver: Deliver,
    private readonly gone: Gone,
    private readonly ended: () => void,
    private readonly log: Logger,
  ) {}

  /** There may be something new. */
  wake(): void {
    this.woken = true;
    if (!this.running) void this.run();
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.ended();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.woken && !this.over) {
      this.woken = false;
      try {
        await this.deliverAll();
      } catch (error) {
        if (error instanceof EventsGone) {
          this.end();
          this.gone();
          break;
        }
        this.log.warn({ err: error }, 'a watcher waits for the database');
        setTimeout(() => this.wake(), RETRY_MS).unref();
      }
    }
    this.running = false;
  }

  private async deliverAll(): Promise<void> {
    for (;;) {
      const events = await this.next(this.place);
      const last = events.at(-1);
      if (!last || this.over) return;
      this.place = last.seq;
      await this.deliver(events);
    }
  }
}
