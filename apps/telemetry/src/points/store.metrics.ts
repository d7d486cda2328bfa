import { OperatorMetrics } from '@mallo/backend';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';

const OUTCOMES = ['stored', 'repeated', 'refused', 'failed'] as const;

/** What an operator watches of what comes in, and of what is done with it behind. */
@Injectable()
export class StoreMetrics {
  private readonly registers;
  private readonly events: Counter;
  private readonly bytes: Counter;
  private readonly batches: Counter<'outcome'>;
  private readonly appends: Histogram;
  private readonly folds: Histogram;
  private readonly failedFolds: Counter;

  constructor({ registry }: OperatorMetrics) {
    const registers = [registry];
    const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
    this.registers = registers;
    this.events = new Counter({
      name: 'mallo_telemetry_events_stored_total',
      help: 'Points, log lines and other events of runs stored since the process started',
      registers,
    });
    this.bytes = new Counter({
      name: 'mallo_telemetry_bytes_stored_total',
      help: 'Bytes of the packed events',
      registers,
    });
    this.batches = new Counter({
      name: 'mallo_telemetry_batches_total',
      help: 'Batches by what became of them: stored, repeated (stored before), refused (after a hole), failed',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.batches.inc({ outcome }, 0);
    this.appends = new Histogram({
      name: 'mallo_telemetry_store_duration_seconds',
      help: 'Time from a batch to its place on the disk',
      buckets,
      registers,
    });
    this.folds = new Histogram({
      name: 'mallo_telemetry_fold_duration_seconds',
      help: 'Time to fold what a run had in its journal into chunks',
      buckets,
      registers,
    });
    this.failedFolds = new Counter({
      name: 'mallo_telemetry_folds_failed_total',
      help: 'Journals that could not be folded and wait to be tried again',
      registers,
    });
  }

  /** @param bytes that wait to be folded of what this process stored */
  observeJournal(bytes: () => number): void {
    new Gauge({
      name: 'mallo_telemetry_journal_bytes',
      help: 'Bytes stored by this process that are not folded into chunks yet',
      registers: this.registers,
      collect() {
        this.set(bytes());
      },
    });
  }

  /** Times a batch; the answer is called with what became of it. */
  began(): (outcome: (typeof OUTCOMES)[number], batch: { events: number; payload: Buffer }) => void {
    const ended = this.appends.startTimer();
    return (outcome, { events, payload }) => {
      this.batches.inc({ outcome });
      if (outcome !== 'stored') return;
      ended();
      this.events.inc(events);
      this.bytes.inc(payload.length);
    };
  }

  /** Times the folding of one journal. */
  folding<T>(fold: () => Promise<T>): Promise<T> {
    const ended = this.folds.startTimer();
    return fold().then(
      (value) => {
        ended();
        return value;
      },
      (error: unknown) => {
        this.failedFolds.inc();
        throw error;
      },
    );
  }
}
