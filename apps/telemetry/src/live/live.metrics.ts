import { OperatorMetrics } from '@mallo/backend';
import type { LiveEvent } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';

/** What an operator watches of what comes in from trainers. */
@Injectable()
export class LiveMetrics {
  private readonly events: Counter<'type'>;
  private readonly batches: Counter<'outcome'>;
  private readonly seconds: Histogram;

  constructor({ registry }: OperatorMetrics) {
    const registers = [registry];
    this.events = new Counter({
      name: 'mallo_telemetry_events_stored_total',
      help: 'Events of runs stored since the process started',
      labelNames: ['type'],
      registers,
    });
    this.batches = new Counter({
      name: 'mallo_telemetry_batches_total',
      help: 'Batches by what became of them: stored, repeated (stored before), refused (after a hole)',
      labelNames: ['outcome'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'mallo_telemetry_store_duration_seconds',
      help: 'Time from a batch to its place on the disk',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
    for (const outcome of ['stored', 'repeated', 'refused']) this.batches.inc({ outcome }, 0);
  }

  /** Times a batch; what is answered is called once it is on the disk. */
  began(): () => void {
    return this.seconds.startTimer();
  }

  stored(events: readonly { event: LiveEvent }[]): void {
    this.batches.inc({ outcome: 'stored' });
    const counts = new Map<string, number>();
    for (const { event } of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    for (const [type, count] of counts) this.events.inc({ type }, count);
  }

  notStored(outcome: 'repeated' | 'refused'): void {
    this.batches.inc({ outcome });
  }
}
