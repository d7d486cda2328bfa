import type { SequencedEvent } from '@mallo/contracts';
import type { Logger } from 'pino';
import { EventsGone } from '../points/read-events.js';
import { SingleFlight } from './single-flight.js';
import { frameOf, Tail } from './tail.js';

/** Events of one frame for those who keep up. */
const FRAME_MAX_EVENTS = 5000;
const RETRY_MS = 1000;

/** One who watches a run, as its stream sees them. */
type Member = {
  readonly place: number;
  readonly isReady: boolean;
  wake(): void;
  /** No longer among the followers, who are at `place`. */
  fallBehind(place: number): void;
  endForGood(): void;
};

export type StreamOptions = {
  read: (after: number, limit: number) => Promise<SequencedEvent[]>;
  /** Sends one frame to all followers, encoded once. */
  broadcast: (events: SequencedEvent[]) => void;
  /** The least time between two frames, ms. */
  paceMs: () => number;
  /** A frame went out: to how many, of how many batches, and how long the oldest of them had waited (ms). */
  sent: (followers: number, events: number, batches: number, waitedMs: number) => void;
  log: Logger;
};

/**
 * One run as its watchers are given it. Those who keep up, the followers, are all at the same place: what was
 * committed since their last frame goes to all of them in one frame, that is made once. A watcher whose connection
 * is not done with the last frame is given what follows on its own, as fast as it takes it, and follows again when
 * it has caught up. So what waits for a watcher is in the database and not in memory.
 */
export class RunStream {
  readonly followers = new Set<Member>();
  readonly catching = new Set<Member>();
  private readonly tail = new Tail();
  /** Where all followers are. */
  private place = 0;
  private readonly reads = new SingleFlight<string, SequencedEvent[]>();
  /** What the next frame is to hold, for the figures of it. */
  private waiting: { batches: number; sinceMs: number } | null = null;
  private lastFrameMs = Number.NEGATIVE_INFINITY;
  private planned = false;
  /** Told while a frame was made. */
  private news = false;

  constructor(private readonly options: StreamOptions) {}

  /** Events that were committed. None: something may have been committed that nobody told. */
  published(events: SequencedEvent[]): void {
    this.tail.add(events);
    if (this.followers.size > 0) {
      this.waiting ??= { batches: 0, sinceMs: performance.now() };
      this.waiting.batches += 1;
    }
    this.wake();
  }

  /** The database has events up to `seq`. */
  committed(seq: number): void {
    if (seq > Math.max(this.tail.last, this.place)) this.published([]);
  }

  /** There may be something new. */
  wake(): void {
    for (const one of this.catching) one.wake();
    this.planFrame();
  }

  /** Has a frame made for the followers: now, or when the pace allows. */
  planFrame(): void {
    this.news = true;
    if (this.planned || this.followers.size === 0) return;
    this.planned = true;
    const waitMs = this.lastFrameMs + this.options.paceMs() - performance.now();
    // What was committed together is told one after the other, and goes out together.
    if (waitMs <= 0) setImmediate(() => this.flush());
    else setTimeout(() => this.flush(), waitMs);
  }

  /** Events after a place, from memory if they are there. @throws EventsGone */
  async after(place: number, limit: number): Promise<SequencedEvent[]> {
    // Many come back at once, and to the same place.
    const read = () => this.reads.of(`${place} ${limit}`, () => this.options.read(place, limit));
    return frameOf(this.tail.after(place, limit) ?? (await read()));
  }

  /** How far one who catches up is to go: to the place of the followers, where there are any. */
  get goal(): number {
    return this.followers.size > 0 ? this.place : Number.POSITIVE_INFINITY;
  }

  /** Takes one who has caught up among the followers, if it is where they are. */
  follow(one: Member): boolean {
    if (this.followers.size > 0 && one.place !== this.place) return false;
    this.place = one.place;
    this.catching.delete(one);
    this.followers.add(one);
    return true;
  }

  remove(one: Member): void {
    this.catching.delete(one);
    this.followers.delete(one);
    // Who waited for the followers goes on alone.
    if (this.followers.size === 0) this.wake();
  }

  private async flush(): Promise<void> {
    try {
      for (let more = true; more && this.followers.size > 0; ) {
        this.news = false;
        const events = await this.after(this.place, FRAME_MAX_EVENTS);
        this.leaveBehindTheSlow();
        if (events.length > 0) this.send(events);
        more = events.length > 0;
      }
      this.planned = false;
      if (this.news) this.planFrame();
      // Some wait for the followers to come to where they are.
      for (const one of this.catching) one.wake();
    } catch (error) {
      if (error instanceof EventsGone) {
        this.planned = false;
        for (const one of [...this.followers]) one.endForGood();
        return;
      }
      this.options.log.warn({ err: error }, 'watchers wait for the database');
      setTimeout(() => this.flush(), RETRY_MS).unref();
    }
  }

  private leaveBehindTheSlow(): void {
    for (const one of [...this.followers]) {
      if (one.isReady) continue;
      this.followers.delete(one);
      this.catching.add(one);
      one.fallBehind(this.place);
    }
  }

  private send(events: SequencedEvent[]): void {
    const nowMs = performance.now();
    const { batches, sinceMs } = this.waiting ?? { batches: 1, sinceMs: nowMs };
    this.waiting = null;
    this.lastFrameMs = nowMs;
    this.place = events.at(-1)?.seq ?? this.place;
    if (this.followers.size === 0) return;
    this.options.broadcast(events);
    this.options.sent(this.followers.size, events.length, batches, performance.now() - sinceMs);
  }
}
