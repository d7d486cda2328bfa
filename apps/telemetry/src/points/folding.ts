import { MalloError } from '@mallo/contracts';
import type { Logger } from 'pino';
import type { Database } from '../database.js';
import { foldOnce, type RunToFold } from './fold.js';
import type { StoreMetrics } from './store.metrics.js';

/** A run's journal is folded when it has grown by so much, or with the next sweep. */
const FOLD_AT_BYTES = 1024 * 1024;
/** Who appends to a run waits while so much of it is not folded, so that reading it never gets slow. */
const WAIT_AT_BYTES = 16 * 1024 * 1024;
/** Folded in one transaction; a run takes 0.1 ms of it, alone 5 ms. */
const RUNS_AT_ONCE = 500;
/** Transactions under way; most connections are left to everything else. */
const PASSES_AT_ONCE = 2;
const SWEEP_MS = 15_000;
/** So many runs that wait are swept sooner, as a search of theirs waits for them; but in a fifth of the time at most. */
const SWEEP_AT_RUNS = 1000;
const SWEEP_SHARE = 1 / 5;
/** Events kept for watchers who come back; to who was away for longer a snapshot is quicker. */
const KEEP_EVENTS = 20_000;
const QUIET = '60 seconds';
/** What is folded is still in the journal until its deletion is on the disk too: so no flush has to be waited for. */
const BEGIN = 'begin; set local synchronous_commit to off';

type Waiting = RunToFold & { resolve: (() => void)[]; reject: ((error: unknown) => void)[] };

/** Folds journals into chunks, behind those who append; of many runs that wait as many as fit in one transaction. */
export class Folding {
  private readonly bytes = new Map<string, number>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly folding = new Set<string>();
  private readonly passes = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private sweeping: Promise<void> | undefined;
  private maySweepMs = 0;

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
    if (sum >= FOLD_AT_BYTES && !this.waiting.has(runId) && !this.folding.has(runId)) {
      this.fold(runId).catch((error: unknown) => this.log.warn({ runId, err: error }, 'a journal waits to be folded'));
    }
    if (this.bytes.size >= SWEEP_AT_RUNS && performance.now() >= this.maySweepMs) this.sweepInBackground();
  }

  /** Folds all of a run or a project that was acknowledged before the call. */
  async settle(of: { runId: string } | { projectId: string }): Promise<void> {
    const [column, id] = 'runId' in of ? ['run_id', of.runId] : ['project_id', of.projectId];
    const runs = await this.database.query<{ runId: string }>(
      `select run_id as "runId" from telemetry.runs left join telemetry.folded using (run_id)
        where ${column} = $1 and runs.seq > coalesce(folded.seq, 0)`,
      [id],
    );
    await Promise.all(runs.map(({ runId }) => this.fold(runId)));
  }

  /** Folds what is left of every run, and lets go of journals that nobody adds to any more. */
  async sweep(): Promise<void> {
    const journals = await this.journals();
    await Promise.all(
      journals.flatMap(({ runId, unfolded, quiet }) =>
        unfolded || quiet ? this.fold(runId, quiet ? 0 : KEEP_EVENTS) : [],
      ),
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.sweeping]);
    while (this.passes.size > 0) await Promise.allSettled(this.passes);
  }

  private fold(runId: string, keepEvents = KEEP_EVENTS): Promise<void> {
    return new Promise((resolve, reject) => {
      this.wait({ runId, keepEvents, resolve: [resolve], reject: [reject] });
      this.begin();
    });
  }

  private sweepInBackground(): void {
    const begunMs = performance.now();
    this.sweeping ??= this.sweep()
      .catch((error: unknown) => this.log.warn({ err: error }, 'journals wait to be folded'))
      .finally(() => {
        this.maySweepMs = begunMs + (performance.now() - begunMs) / SWEEP_SHARE;
        this.sweeping = undefined;
      });
  }

  /** Who waits for the same run waits for one folding of it. */
  private wait(run: Waiting): void {
    const before = this.waiting.get(run.runId);
    this.waiting.set(run.runId, {
      runId: run.runId,
      keepEvents: Math.max(run.keepEvents, before?.keepEvents ?? 0),
      resolve: [...(before?.resolve ?? []), ...run.resolve],
      reject: [...(before?.reject ?? []), ...run.reject],
    });
  }

  private begin(): void {
    while (this.passes.size < PASSES_AT_ONCE) {
      const runs = this.take();
      if (runs.length === 0) return;
      const pass = this.pass(runs).finally(() => {
        this.passes.delete(pass);
        for (const { runId } of runs) this.folding.delete(runId);
        this.begin();
      });
      this.passes.add(pass);
    }
  }

  /** The next runs that wait. One that is being folded may have been looked at before the last acknowledgement. */
  private take(): Waiting[] {
    const runs: Waiting[] = [];
    for (const run of this.waiting.values()) {
      if (this.folding.has(run.runId)) continue;
      runs.push(run);
      if (runs.length === RUNS_AT_ONCE) break;
    }
    for (const { runId } of runs) {
      this.waiting.delete(runId);
      this.folding.add(runId);
    }
    return runs;
  }

  /** Folds a stretch of each of the runs; those of which more is left wait again, behind the others. */
  private async pass(runs: readonly Waiting[]): Promise<void> {
    for (const { runId } of runs) this.bytes.delete(runId);
    try {
      const left = await this.metrics.folding(() =>
        this.database.transaction((client) => foldOnce(client, runs), BEGIN),
      );
      for (const run of runs) {
        if (left.has(run.runId)) this.wait(run);
        else for (const resolve of run.resolve) resolve();
      }
    } catch (error) {
      if (runs.length > 1 && !(error instanceof MalloError)) {
        // One of them cannot be folded, which the others must not suffer for.
        const half = Math.ceil(runs.length / 2);
        await this.pass(runs.slice(0, half));
        await this.pass(runs.slice(half));
        return;
      }
      for (const reject of runs.flatMap((run) => run.reject)) reject(error);
    }
  }

  /** The runs that have a journal, found without looking at all of its rows. */
  private journals(): Promise<{ runId: string; unfolded: boolean; quiet: boolean }[]> {
    return this.database.query(
      `with recursive journals (run_id) as (
         (select run_id from telemetry.journal order by run_id limit 1)
         union all
         select (select run_id from telemetry.journal where run_id > journals.run_id order by run_id limit 1)
           from journals where run_id is not null
       )
       select run_id as "runId", last.seq_to > coalesce(folded.seq, 0) as unfolded, last.at < now() - $1::interval as quiet
         from journals
         join telemetry.runs using (run_id)
         join lateral (select seq_to, at from telemetry.journal where run_id = runs.run_id
                        order by seq_from desc limit 1) last on true
         left join telemetry.folded using (run_id)`,
      [QUIET],
    );
  }
}
