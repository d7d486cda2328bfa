import { type IngestBatch, type LiveEvent, type LiveSnapshot, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { LiveMetrics } from './live.metrics.js';
import { LiveRepository, type WatchedRun } from './live.repository.js';
import { RunFeed } from './run-feed.js';

@Injectable()
export class LiveService {
  constructor(
    private readonly repository: LiveRepository,
    private readonly feed: RunFeed,
    private readonly metrics: LiveMetrics,
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
      throw new MalloError('request.invalid', { problem: 'body.to: must be after body.from' });
    }
    const ended = this.metrics.began();
    const outcome = await this.repository.ingest(runId, { ...batch, events: batch.events.map(storable) });
    if (!outcome) throw new MalloError('run.not_found');
    if (outcome.stored) {
      ended();
      this.metrics.stored(outcome.events);
      if (outcome.events.length > 0) this.feed.published(runId, outcome.events);
      return batch.to;
    }
    const isNew = batch.to > outcome.position;
    this.metrics.notStored(isNew ? 'refused' : 'repeated');
    if (isNew) throw new MalloError('request.conflict', { position: outcome.position });
    // A repeat: the first time may have been committed without anybody being told.
    this.feed.published(runId, []);
    return outcome.position;
  }

  /** The run, if this person may watch it. @throws MalloError `run.not_found` */
  async watched(runId: string, userId: string): Promise<WatchedRun> {
    const run = await this.repository.find(runId);
    if (run?.ownerId !== userId) throw new MalloError('run.not_found');
    return run;
  }

  async snapshot(runId: string, userId: string, maxPoints: number, logLines: number): Promise<LiveSnapshot> {
    await this.watched(runId, userId);
    return this.repository.snapshot(runId, maxPoints, logLines);
  }
}

/** PostgreSQL's text has no NUL, and UTF-8 no half of a surrogate pair; a program may print both. */
function storable(event: LiveEvent): LiveEvent {
  if (event.type === 'log') return { ...event, line: storableText(event.line) };
  if (event.type === 'metric') return { ...event, key: storableText(event.key) };
  return event;
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
