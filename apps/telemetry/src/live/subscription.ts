import type { SequencedEvent } from '@mallo/contracts';
import type { Logger } from 'pino';
import { EventsGone } from '../points/read-events.js';
import type { RunStream } from './run-stream.js';

/** Events of one frame for somebody who catches up: small, as the connection may be slow. */
const REPLAY_MAX_EVENTS = 500;
const RETRY_MS = 1000;

/** The connection of a watcher. */
export type Watcher = {
  /** Whether what is sent now goes out now. */
  isReady: () => boolean;
  /** Resolves when it is ready, or over. */
  untilReady: () => Promise<void>;
  send: (events: SequencedEvent[]) => void;
  /** From now on, or no longer, it is sent what all followers of the run are sent. */
  follow: () => void;
  unfollow: () => void;
  /** Events that were to come next are no longer stored one by one: begin anew with a snapshot. */
  gone: () => void;
};

/** A watcher's place in a run: given what comes after it, once and in order. */
export class Subscription {
  /** Long lines make a frame of fewer events; what does not fit would be read again. */
  private limit = REPLAY_MAX_EVENTS;
  private running = false;
  private woken = false;
  private over = false;

  constructor(
    private readonly stream: RunStream,
    public place: number,
    private readonly watcher: Watcher,
    private readonly ended: () => void,
    private readonly log: Logger,
  ) {}

  get isReady(): boolean {
    return this.watcher.isReady();
  }

  /** There may be something new. */
  wake(): void {
    this.woken = true;
    if (!this.running) void this.run();
  }

  /** No longer among the followers. */
  fallBehind(place: number): void {
    this.place = place;
    this.watcher.unfollow();
    this.wake();
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.watcher.unfollow();
    this.stream.remove(this);
    this.ended();
  }

  endForGood(): void {
    this.end();
    this.watcher.gone();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.woken && !this.over) {
      this.woken = false;
      try {
        if (await this.catchUp()) break;
      } catch (error) {
        if (error instanceof EventsGone) return this.endForGood();
        this.log.warn({ err: error }, 'a watcher waits for the database');
        setTimeout(() => this.wake(), RETRY_MS).unref();
      }
    }
    this.running = false;
  }

  /** @returns true once it follows */
  private async catchUp(): Promise<boolean> {
    for (;;) {
      await this.watcher.untilReady();
      if (this.over) return false;
      const { goal } = this.stream;
      const events = goal <= this.place ? [] : await this.stream.after(this.place, this.limit);
      if (this.over) return false;
      // The followers may have gone further meanwhile, or there may be none any more.
      const given = events.filter(({ seq }) => seq <= this.stream.goal);
      const last = given.at(-1);
      if (last) {
        this.watcher.send(given);
        this.place = last.seq;
        this.limit = Math.min(REPLAY_MAX_EVENTS, 2 * events.length);
      } else if (events.length === 0) {
        return this.join();
      }
    }
  }

  private join(): boolean {
    if (!this.stream.follow(this)) {
      // Ahead of the followers: their next frame brings them here, or further.
      this.stream.planFrame();
      return false;
    }
    this.watcher.follow();
    // What was told while it read has to be sent to it, too.
    if (this.woken) this.stream.planFrame();
    return true;
  }
}
