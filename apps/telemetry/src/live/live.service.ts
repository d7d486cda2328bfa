import { type IngestBatch, type LiveEvent, type LiveSnapshot, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { batchOf } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import { storableText } from '../tracking/sql.js';
import { LiveRepository, type WatchedRun } from './live.repository.js';
import { RunFeed } from './run-feed.js';
import { SingleFlight } from './single-flight.js';

@Injectable()
export class LiveService {
  private readonly finds = new SingleFlight<string, WatchedRun | null>();
  private readonly firstReads = new SingleFlight<string, unknown>();
  private readonly snapshots = new SingleFlight<string, LiveSnapshot>();

  constructor(
    private readonly repository: LiveRepository,
    private readonly points: PointStore,
    private readonly feed: RunFeed,
  ) {}

  /** @throws MalloError `run.not_found` */
  async position(runId: string, writer: string): Promise<number> {
    const position = await this.repository.position(runId, writer);
    if (position === null) throw new MalloError('run.not_found');
    return position;
  }

  /**
   * Stores a batch once, however often it is sent, and pushes it to whoever watches.
   * @returns the writer's position, at or after the batch.
   * @throws MalloError `request.conflict` when the batch begins after, or spans, the writer's position (in `params`).
   */
  async ingest(runId: string, batch: IngestBatch): Promise<number> {
    if (batch.to < batch.from || (batch.to === batch.from && batch.events.length > 0)) {
      // Without moving on, a repeat could not be told from something new.
      throw new MalloError('request.invalid', {
        problem: { en: 'body.to: must be after body.from', ko: 'body.to: body.from보다 뒤여야 합니다' },
      });
    }
    const { writer, from, to } = batch;
    const appended = await this.points.append(runId, batchOf(batch.events.map(storable)), {
      place: { writer, from, to },
    });
    if (!appended) throw new MalloError('run.not_found');
    if (appended.outcome === 'stored') return to;
    if (to > appended.position) throw new MalloError('request.conflict', { position: appended.position });
    // A repeat: the first time may have been committed without anybody being told.
    this.feed.published(runId, []);
    return appended.position;
  }

  /** The run, if this person may watch it. @throws MalloError `run.not_found` */
  async watched(runId: string, userId: string): Promise<WatchedRun> {
    // A thousand come back at once when the service was restarted.
    const run = await this.finds.of(runId, () => this.repository.find(runId));
    if (run?.ownerId !== userId) throw new MalloError('run.not_found');
    return run;
  }

  /** @throws EventsGone when a watcher who has seen the events up to `after` cannot be given all that followed */
  async checkEventsAfter(runId: string, after: number, seq: number): Promise<void> {
    if (after < seq) await this.firstReads.of(`${runId} ${after}`, () => this.points.events(runId, after, 1));
  }

  async snapshot(runId: string, userId: string, maxPoints: number, logLines: number): Promise<LiveSnapshot> {
    await this.watched(runId, userId);
    const read = () => this.points.snapshot(runId, maxPoints, logLines);
    return this.snapshots.of(`${runId} ${maxPoints} ${logLines}`, read);
  }
}

/** A program may print what cannot be stored as text. */
function storable(event: LiveEvent): LiveEvent {
  if (event.type === 'log') return { ...event, line: storableText(event.line) };
  if (event.type === 'metric') return { ...event, key: storableText(event.key) };
  return event;
}
