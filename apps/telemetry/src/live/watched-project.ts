import type { LastPoint, RunStatus, RunsFrame } from '@mallo/contracts';
import type { Logger } from 'pino';

/** At most four frames a second. */
const EVERY_MS = 250;
const RECORDS_EVERY_MS = 1000;
/** A change may be committed a little after it was made. */
const OVERLAP_MS = 10_000;
/** Runs that may wait for a slow connection; with more it begins anew. */
const MOST_WAITING = 1000;

export type RunRecord = { id: string; status: RunStatus; changedMs: number };
/** @property nowMs by the clock by which they changed */
export type ChangedRuns = { nowMs: number; records: RunRecord[] };
export type ReadRecords = {
  /** Runs of the project that changed after a time less the overlap; null, or what has yet to come: after now. */
  changed: (projectId: string, afterMs: number | null, overlapMs: number) => Promise<ChangedRuns>;
  of: (runIds: string[]) => Promise<RunRecord[]>;
};

/** The connection of somebody who watches a project. */
export type ProjectWatcher = {
  isReady: () => boolean;
  send: (frame: RunsFrame) => void;
  /** It is so slow that it should come back and ask for the runs again. */
  giveUp: () => void;
};
type Change = { metrics: Map<string, LastPoint>; changed: boolean; logged: boolean };
type Changes = Map<string, Change>;
type Subscriber = { watcher: ProjectWatcher; wanted: ReadonlySet<string>; waiting: Changes };

/** One project as those who watch it are told of it: what changed since the last frame, never all that happened. */
export class WatchedProject {
  private readonly subscribers = new Set<Subscriber>();
  private wanted: ReadonlySet<string> = new Set();
  private changes: Changes = new Map();
  private readonly stands = new Map<string, Map<string, LastPoint>>();
  private readonly records = new Map<string, RunRecord>();
  private readonly timer: NodeJS.Timeout;
  /** By the clock that nobody sets. */
  private recordsAtMs = Number.NEGATIVE_INFINITY;
  /** By the database's clock, as several instances write and their clocks may differ. */
  private afterMs: number | null = null;
  private telling: Promise<void> | null = null;

  constructor(
    private readonly projectId: string,
    private readonly read: ReadRecords,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => this.tellInBackground(), EVERY_MS);
  }

  get isWatched(): boolean {
    return this.subscribers.size > 0;
  }

  add(watcher: ProjectWatcher, metrics: readonly string[]): () => void {
    const subscriber = { watcher, wanted: new Set(metrics), waiting: new Map() };
    this.subscribers.add(subscriber);
    this.wantedChanged();
    return () => {
      this.subscribers.delete(subscriber);
      this.wantedChanged();
      if (!this.isWatched) clearInterval(this.timer);
    };
  }

  /** A point was stored; of a training begun again maybe one that was there before. */
  point(runId: string, key: string, point: LastPoint): void {
    if (!this.wanted.has(key)) return;
    const stands = this.stands.get(runId) ?? new Map<string, LastPoint>();
    this.stands.set(runId, stands);
    const last = stands.get(key);
    if (last && (point.step < last.step || (point.step === last.step && point.timeMs < last.timeMs))) return;
    stands.set(key, point);
    changeOf(this.changes, runId).metrics.set(key, point);
  }

  /** A line of a run's log was stored. */
  logged(runId: string): void {
    changeOf(this.changes, runId).logged = true;
  }

  /** A run's record changed. */
  recordsChanged(): void {
    this.recordsAtMs = Number.NEGATIVE_INFINITY;
  }

  private wantedChanged(): void {
    this.wanted = new Set([...this.subscribers].flatMap(({ wanted }) => [...wanted]));
  }

  private tellInBackground(): void {
    this.telling ??= this.tell()
      .catch((error: unknown) => this.log.warn({ err: error }, 'who watches a project waits for the database'))
      .finally(() => {
        this.telling = null;
      });
  }

  private async tell(): Promise<void> {
    if (performance.now() - this.recordsAtMs >= RECORDS_EVERY_MS) await this.lookForRecords();
    const unknown = [...this.changes.keys()].filter((runId) => !this.records.has(runId));
    if (unknown.length > 0) for (const record of await this.read.of(unknown)) this.records.set(record.id, record);
    const { changes } = this;
    this.changes = new Map();
    for (const subscriber of this.subscribers) this.tellOne(subscriber, changes);
  }

  private async lookForRecords(): Promise<void> {
    const begunMs = performance.now();
    const { nowMs, records } = await this.read.changed(this.projectId, this.afterMs, OVERLAP_MS);
    // After the clock was set back, changes have times before those that were seen.
    this.afterMs = Math.min(this.afterMs ?? nowMs, nowMs);
    for (const record of records) {
      const known = this.records.get(record.id);
      this.afterMs = Math.max(this.afterMs, Math.min(record.changedMs, nowMs));
      if (known?.changedMs === record.changedMs && known.status === record.status) continue;
      this.records.set(record.id, record);
      changeOf(this.changes, record.id).changed = true;
    }
    this.recordsAtMs = begunMs;
  }

  private tellOne(subscriber: Subscriber, changes: Changes): void {
    const { watcher, wanted, waiting } = subscriber;
    for (const [runId, { metrics, changed, logged }] of changes) {
      const moved = [...metrics].filter(([key]) => wanted.has(key));
      if (moved.length === 0 && !changed && !logged) continue;
      const change = changeOf(waiting, runId);
      change.changed ||= changed;
      change.logged ||= logged;
      for (const [key, point] of moved) change.metrics.set(key, point);
    }
    if (!watcher.isReady()) {
      if (waiting.size > MOST_WAITING) watcher.giveUp();
      return;
    }
    const runs = [...waiting].flatMap(([id, { metrics, ...news }]) => {
      const status = this.records.get(id)?.status;
      return status ? [{ id, status, metrics: Object.fromEntries(metrics), ...news }] : [];
    });
    waiting.clear();
    if (runs.length > 0) watcher.send({ projectId: this.projectId, runs });
  }
}

function changeOf(changes: Changes, runId: string): Change {
  const change = changes.get(runId) ?? { metrics: new Map(), changed: false, logged: false };
  changes.set(runId, change);
  return change;
}
