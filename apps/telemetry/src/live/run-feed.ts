import type { SequencedEvent } from '@mallo/contracts';
import type { Logger } from 'pino';
import type { FeedMetrics } from './feed.metrics.js';
import { RunStream } from './run-stream.js';
import { Subscription, type Watcher } from './subscription.js';

/** A page draws no more often than this. */
const LEAST_PACE_MS = 16;
/** Frames a second that this process sends in all, about a quarter of what a core can; more watchers get them less often. */
const FRAMES_A_SECOND = 30_000;
/** So that what is posted is seen within a second, however many watch. */
const LONGEST_PACE_MS = 500;

type ReadEvents = (runId: string, after: number, limit: number) => Promise<SequencedEvent[]>;
type Broadcast = (runId: string, events: SequencedEvent[]) => void;

/**
 * Hands each watcher of a run its events once and in order. A watcher has a place in the run's sequence and is
 * given what comes after it: from memory if it is there, else from the database. So history and the live stream
 * are one thing, without a boundary at which to lose or repeat something, and commits reported out of order,
 * or never, do no harm.
 */
export class RunFeed {
  private readonly streams = new Map<string, RunStream>();
  private count = 0;

  constructor(
    private readonly read: ReadEvents,
    private readonly broadcast: Broadcast,
    private readonly metrics: FeedMetrics,
    private readonly log: Logger,
  ) {
    metrics.observe(
      () => this.count,
      () => this.catchingUp(),
    );
  }

  isWatched(runId: string): boolean {
    return this.streams.has(runId);
  }

  get watchedRuns(): string[] {
    return [...this.streams.keys()];
  }

  /** Events that were committed. None: something may have been committed that nobody told. */
  published(runId: string, events: SequencedEvent[]): void {
    this.streams.get(runId)?.published(events);
  }

  /** The database has events of the run up to `seq`, whoever stored them. */
  committed(runId: string, seq: number): void {
    this.streams.get(runId)?.committed(seq);
  }

  /** A watcher who has seen the events up to `place`; given what follows once it is woken. */
  subscribe(runId: string, place: number, watcher: Watcher): Subscription {
    const stream = this.streams.get(runId) ?? this.open(runId);
    const ended = () => {
      this.count -= 1;
      if (stream.followers.size + stream.catching.size === 0) this.streams.delete(runId);
    };
    const subscription = new Subscription(stream, place, this.counted(watcher), ended, this.log);
    stream.catching.add(subscription);
    this.count += 1;
    return subscription;
  }

  private open(runId: string): RunStream {
    const stream = new RunStream({
      read: (after, limit) => this.read(runId, after, limit),
      broadcast: (events) => this.broadcast(runId, events),
      paceMs: () => Math.min(LONGEST_PACE_MS, Math.max(LEAST_PACE_MS, (1000 * this.count) / FRAMES_A_SECOND)),
      sent: (followers, events, batches, waitedMs) => this.metrics.sent(followers, events, batches, waitedMs),
      log: this.log,
    });
    this.streams.set(runId, stream);
    return stream;
  }

  private counted(watcher: Watcher): Watcher {
    const send = (events: SequencedEvent[]) => {
      this.metrics.replayed(events.length);
      watcher.send(events);
    };
    const gone = () => {
      this.metrics.gone();
      watcher.gone();
    };
    return { ...watcher, send, gone };
  }

  private catchingUp(): number {
    let sum = 0;
    for (const { catching } of this.streams.values()) sum += catching.size;
    return sum;
  }
}
