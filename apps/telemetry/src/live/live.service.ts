import { describeIssues } from '@mallo/backend';
import { type IngestBatch, type LiveEvent, type LiveSnapshot, MalloError, ProgramStatus } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { batchOf } from '../points/batch.js';
import { type AppendOptions, PointStore } from '../points/point-store.js';
import { type Standing, setStatus } from '../tracking/logged-runs.repository.js';
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

  /**
   * @param projectId of the program that asks; null: the run itself
   * @throws MalloError `run.not_found`
   */
  async position(runId: string, projectId: string | null, writer: string): Promise<number> {
    const position = await this.repository.position(runId, projectId, writerName(projectId, writer));
    if (position === null) throw new MalloError('run.not_found');
    return position;
  }

  /**
   * Stores a batch once, however often it is sent, and pushes it to whoever watches.
   * @param projectId of the program that writes; null: the run itself, by its sidecar
   * @returns the writer's position, at or after the batch.
   * @throws MalloError `run.writer_elsewhere` when the batch begins after, or spans, the writer's position (in
   *   `params`); `run.not_found`, also where it is of another project or deleted.
   */
  async ingest(runId: string, projectId: string | null, batch: IngestBatch): Promise<number> {
    if (batch.to < batch.from || (batch.to === batch.from && batch.events.length > 0)) {
      // Without moving on, a repeat could not be told from something new.
      throw new MalloError('request.invalid', {
        problem: { en: 'body.to: must be after body.from', ko: 'body.to: body.from보다 뒤여야 합니다' },
      });
    }
    const { from, to } = batch;
    const appended = await this.points.append(runId, batchOf(batch.events.map(storable)), {
      place: { writer: writerName(projectId, batch.writer), from, to },
      ...(projectId === null ? {} : optionsOf(projectId, runId, batch.events)),
    });
    if (!appended) throw new MalloError('run.not_found');
    if (appended.outcome === 'stored') return to;
    if (to > appended.position) throw new MalloError('run.writer_elsewhere', { position: appended.position });
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

/** Programs' names for writers are their own: none of them moves a sidecar's position. */
function writerName(projectId: string | null, writer: string): string {
  return projectId === null ? writer : `program:${writer}`;
}

/** What is different where a program writes: only to its own project, and how the run stands with it. */
function optionsOf(projectId: string, runId: string, events: readonly LiveEvent[]): AppendOptions {
  const stands = lastStatus(events);
  if (!stands) return { projectId };
  return { projectId, with: (client) => setStatus(client, { projectId, runId }, stands) };
}

/** What a program says last of how its run stands. @throws MalloError `request.invalid` */
function lastStatus(events: readonly LiveEvent[]): Standing | null {
  let last: Standing | null = null;
  for (const [at, event] of events.entries()) {
    if (event.type !== 'run') continue;
    const status = ProgramStatus.safeParse(event.status);
    if (!status.success) {
      const problem = describeIssues(ProgramStatus, event.status, `body.events.${at}.status`);
      throw new MalloError('request.invalid', { problem });
    }
    last = { status: status.data, timeMs: event.timeMs };
  }
  return last;
}

/** A program may print what cannot be stored as text. */
function storable(event: LiveEvent): LiveEvent {
  if (event.type === 'log') return { ...event, line: storableText(event.line) };
  if (event.type === 'metric') return { ...event, key: storableText(event.key) };
  return event;
}
