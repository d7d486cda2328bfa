import type { CurveRef, LiveSnapshot, LogLines, SequencedEvent } from '@mallo/contracts';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import { Database } from '../database.js';
import type { Batch } from './batch.js';
import { Folding } from './folding.js';
import { type Append, type Appended, Journal, type WriterPlace } from './journal.js';
import { type ReadCurve, readCurves, type Stretch } from './read-curves.js';
import { readEvents } from './read-events.js';
import { type HistoryPage, type PlaceInCurve, readHistory } from './read-history.js';
import { type LinesWanted, readLines } from './read-lines.js';
import { countLogged, type MetricsPage, type MetricsWanted, readMetrics } from './read-metrics.js';
import { readSnapshot } from './read-snapshot.js';
import type { StoreMetrics } from './store.metrics.js';

export type AppendOptions = {
  /** Who writes, so that a repeat is stored once. Without it every batch is stored. */
  place?: WriterPlace;
  /** Of which the run has to be, and not deleted: otherwise it is as if it were not known. */
  projectId?: string;
  /**
   * More to be written with the batch, all or nothing, in its transaction. The run is not locked yet; whatever this
   * throws is thrown on, and nothing is stored.
   */
  with?: (client: PoolClient) => Promise<void>;
};
/** Takes back what was to be written with a batch. */
class NotStored extends Error {
  constructor(readonly appended: Appended | null) {
    super('the batch is not stored');
  }
}

type Listener = (runId: string, seqBefore: number, batch: Batch) => void;

/**
 * Everything that runs log. `append` resolves when it is on the disk, and what was acknowledged is seen by every read
 * that begins after. Reads of `latest_points` in SQL see it after `settle`.
 */
@Injectable()
export class PointStore implements BeforeApplicationShutdown {
  private readonly journal: Journal;
  private readonly folding: Folding;
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly database: Database,
    private readonly figures: StoreMetrics,
    log: Logger,
  ) {
    this.journal = new Journal(database);
    this.folding = new Folding(database, figures, log);
  }

  /** Calls `listener` with each batch once it is stored. */
  onAppended(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** @returns null where the run is not known */
  async append(runId: string, batch: Batch, options: AppendOptions = {}): Promise<Appended | null> {
    const ended = this.figures.began();
    const { place, projectId, with: more } = options;
    const appended = await this.write({ runId, batch, place, projectId }, more).catch((error: unknown) => {
      ended('failed', batch);
      throw error;
    });
    if (appended?.outcome === 'elsewhere' && appended.position >= (place?.to ?? 0)) ended('repeated', batch);
    else ended(appended?.outcome === 'stored' ? 'stored' : 'refused', batch);
    if (appended?.outcome === 'stored' && batch.events > 0) {
      this.folding.appended(runId, batch.payload.length);
      for (const listener of this.listeners) listener(runId, appended.seqBefore, batch);
    }
    return appended;
  }

  /** Brings `telemetry.latest_points` up to all that was acknowledged, of a run or of a project. */
  settle(of: { runId: string } | { projectId: string }): Promise<void> {
    return this.folding.settle(of);
  }

  /** Folds what is left of all runs, and drops journals of runs that nobody adds to any more. */
  sweep(): Promise<void> {
    return this.folding.sweep();
  }

  /** Curves of any runs, each thinned to `maxPoints`, in the order of `refs`. Unknown ones have no points. */
  curves(refs: readonly CurveRef[], stretch: Stretch, maxPoints: number): Promise<ReadCurve[]> {
    return this.database.reading((client) => readCurves(client, refs, stretch, maxPoints));
  }

  /** All points of a curve, page by page. @param after `next` of the page before */
  async history(ref: CurveRef, after: PlaceInCurve | null, limit: number): Promise<HistoryPage> {
    if (!after) await this.settle({ runId: ref.runId });
    return this.database.reading((client) => readHistory(client, ref, after, limit));
  }

  /** Curves of a run by name, without their points. Folds the run only where it has to: thousands take a while. */
  async metrics(runId: string, page: MetricsWanted): Promise<Omit<MetricsPage, 'isBehind'>> {
    const read = () => this.database.reading((client) => readMetrics(client, runId, page));
    let found = await read();
    if (found.isBehind) {
      await this.settle({ runId });
      found = await read();
    }
    return { metrics: found.metrics, total: found.total };
  }

  /** How many curves and log lines a run has. */
  counts(runId: string): Promise<{ metrics: number; lines: number }> {
    return this.database.reading((client) => countLogged(client, runId));
  }

  lines(runId: string, page: LinesWanted): Promise<LogLines> {
    return this.database.reading((client) => readLines(client, runId, page));
  }

  /** @throws EventsGone when events are asked for that were folded long ago */
  events(runId: string, after: number, limit: number): Promise<SequencedEvent[]> {
    return readEvents(this.database, runId, after, limit);
  }

  snapshot(runId: string, maxPoints: number, logLines: number): Promise<LiveSnapshot> {
    return this.database.reading((client) => readSnapshot(client, runId, maxPoints, logLines));
  }

  private async write(append: Append, more: AppendOptions['with']): Promise<Appended | null> {
    await this.folding.ready(append.runId);
    if (!more) return this.journal.append(append);
    try {
      return await this.database.transaction(async (client) => {
        await more(client);
        const appended = await this.journal.appendWith(client, append);
        if (appended?.outcome !== 'stored') throw new NotStored(appended);
        return appended;
      });
    } catch (error) {
      if (error instanceof NotStored) return error.appended;
      throw error;
    }
  }

  /** Before the connections are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.folding.stop();
  }
}
