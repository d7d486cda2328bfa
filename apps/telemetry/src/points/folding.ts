import pMap from 'p-map';
import type { Logger } from 'pino';
import type { Database } from '../database.js';
import { foldOnce } from './fold.js';
import type { StoreMetrics } from './store.metrics.js';

/** A run's journal is folded when it has grown by so much, or with the next sweep. */
const FOLD_AT_BYTES = 1024 * 1024;
/** Who appends to a run waits while so much of it is not folded, so that reading it never gets slow. */
const WAIT_AT_BYTES = 16 * 1024 * 1024;
/** A search waits for all of its project; half of the connections are left to everything else. */
const RUNS_AT_ONCE = 5;
const SWEEP_MS = 15_000;
/** Events kept for watchers who come back; to who was away for longer a snapshot is quicker. */
const KEEP_EVENTS = 20_000;
const QUIET = '60 seconds';
/** What is folded is still in the journal until its deletion is on the disk too: so no flush has to be waited for. */
const BEGIN = 'begin; set local synchronous_commit to off';

type Folds = { running: Promise<void>; next: Promise<void> | undefined };

/** Folds journals into chunks, behind those who append. */
export class Folding {
  private readonly bytes = new Map<string, number>();
  private readonly folds = new Map<string, Folds>();
  private readonly timer: NodeJS.Timeout;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly metrics: StoreMetrics,
    private readonly log: Logger,
  ) {
    metrics.observeJournal(() => [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0));
    this.timer = setInterval(() => this.sweepInBackground(), SWEEP_MS).unref();
    this.sweepInBackground();
  }

  /** Resolves when the journal of the run is short enough to append to. */
  async ready(runId: string): Promise<void> {
    if ((this.bytes.get(runId) ?? 0) >= WAIT_AT_BYTES) await this.fold(runId);
  }

  appended(runId: string, bytes: number): void {
    const sum = (this.bytes.get(runId) ?? 0) + bytes;
    this.bytes.set(runId, sum);
    if (sum >= FOLD_AT_BYTES && !this.folds.has(runId)) {
      this.fold(runId).catch((error: unknown) => this.log.warn({ runId, err: error }, 'a journal waits to be folded'));
    }
  }

  /** Folds all of a run that was acknowledged before the call. */
  fold(runId: string, keepEvents = KEEP_EVENTS): Promise<void> {
    const folds = this.folds.get(runId);
    if (!folds) {
      const running = this.metrics
        .folding(() => this.foldAll(runId, keepEvents))
        .finally(() => this.ended(runId, running));
      this.folds.set(runId, { running, next: undefined });
      return running;
    }
    // The one under way may have looked before the last acknowledgement; one that waits has not.
    folds.next ??= folds.running.catch(() => undefined).then(() => this.fold(runId, keepEvents));
    return folds.next;
  }

  /** Folds all of a project that was acknowledged before the call. */
  async foldProject(projectId: string): Promise<void> {
    const journals = await this.journals(projectId);
    await pMap(
      journals.filter(({ unfolded }) => unfolded),
      ({ runId }) => this.fold(runId),
      { concurrency: RUNS_AT_ONCE },
    );
  }

  /** Folds what is left of every run, and lets go of journals that nobody adds to any more. */
  async sweep(): Promise<void> {
    for (const { runId, unfolded, quiet } of await this.journals(null)) {
      if (unfolded || quiet) await this.fold(runId, quiet ? 0 : KEEP_EVENTS);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.sweeping, ...[...this.folds.values()].map(({ next, running }) => next ?? running)]);
  }

  private sweepInBackground(): void {
    this.sweeping ??= this.sweep()
      .catch((error: unknown) => this.log.warn({ err: error }, 'journals wait to be folded'))
      .finally(() => {
        this.sweeping = undefined;
      });
  }

  private ended(runId: string, running: Promise<void>): void {
    if (this.folds.get(runId)?.running === running) this.folds.delete(runId);
  }

  private async foldAll(runId: string, keepEvents: number): Promise<void> {
    do {
      this.bytes.delete(runId);
    } while (await this.database.transaction((client) => foldOnce(client, runId, keepEvents), BEGIN));
  }

  /** The runs that have a journal, found without looking at all of its rows. */
  private journals(projectId: string | null): Promise<{ runId: string; unfolded: boolean; quiet: boolean }[]> {
    return this.database.query(
      `with recursive journals (run_id) as (
         (select run_id from telemetry.journal order by run_id limit 1)
         union all
         select (select run_id from telemetry.journal where run_id > journals.run_id order by run_id limit 1)
           from journals where run_id is not null
       )
       select run_id as "runId", last.seq_to > coalesce(folded.seq, 0) as unfolded, last.at < now() - $2::interval as quiet
         from journals
         join telemetry.runs using (run_id)
         join lateral (select seq_to, at from telemetry.journal where run_id = runs.run_id
                        order by seq_from desc limit 1) last on true
         left join telemetry.folded using (run_id)
        where $1::text is null or project_id = $1`,
      [projectId, QUIET],
    );
  }
}
