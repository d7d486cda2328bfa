import { OperatorMetrics } from '@mallo/backend';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What an operator watches of what goes out to watchers of runs. */
@Injectable()
export class FeedMetrics {
  private readonly frames: Counter<'kind'>;
  private readonly events: Counter;
  private readonly coalesced: Counter;
  private readonly dropped: Counter;
  private readonly seconds: Histogram;

  constructor(private readonly operator: OperatorMetrics) {
    const registers = [operator.registry];
    this.frames = new Counter({
      name: 'mallo_telemetry_frames_sent_total',
      help: 'Frames of events by kind: live, one for each of those who keep up, or replay, to who catches up',
      labelNames: ['kind'],
      registers,
    });
    for (const kind of ['live', 'replay']) this.frames.inc({ kind }, 0);
    this.events = new Counter({
      name: 'mallo_telemetry_events_delivered_total',
      help: 'Events sent, counted once for each watcher',
      registers,
    });
    this.coalesced = new Counter({
      name: 'mallo_telemetry_frames_coalesced_total',
      help: 'Frames that were not sent, counted once for each watcher, as their events went out in one with others',
      registers,
    });
    this.dropped = new Counter({
      name: 'mallo_telemetry_watchers_dropped_total',
      help: 'Watchers that fell so far behind that they had to begin anew with a snapshot',
      registers,
    });
    this.seconds = new Histogram({
      name: 'mallo_telemetry_feed_duration_seconds',
      help: 'Time from the commit of events to their hand-over to the connections of those who keep up',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
  }

  /** @param watchers each watched run once for each watcher @param catchingUp those of them who are behind */
  observe(watchers: () => number, catchingUp: () => number): void {
    const registers = [this.operator.registry];
    new Gauge({
      name: 'mallo_telemetry_watchers',
      help: 'Runs being watched over the live stream, counted once for each watcher',
      registers,
      collect() {
        this.set(watchers());
      },
    });
    new Gauge({
      name: 'mallo_telemetry_watchers_behind',
      help: 'Watchers that are behind: they came a moment ago, or their connection is slower than the run',
      registers,
      collect() {
        this.set(catchingUp());
      },
    });
  }

  sent(followers: number, events: number, batches: number, waitedMs: number): void {
    this.frames.inc({ kind: 'live' }, followers);
    this.events.inc(followers * events);
    this.coalesced.inc(followers * (batches - 1));
    this.seconds.observe(waitedMs / 1000);
  }

  replayed(events: number): void {
    this.frames.inc({ kind: 'replay' });
    this.events.inc(events);
  }

  gone(): void {
    this.dropped.inc();
  }
}
