import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Job, MalloError } from '@mallo/contracts';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { syncToDisk } from '../objects/receive.js';

export type JobRecord<Input, Details> = Job & { input: Input; details: Details };
/** Tells how far a job is. */
export type Report<Details> = (change: Partial<Pick<Job, 'step' | 'steps'>> & { details?: Details }) => Promise<void>;

/**
 * Does a job; `signal` ends it. Begun with a signal that has ended already, it only clears away what a process left that
 * did not live to do so.
 */
type Work<Input, Details> = (input: Input, report: Report<Details>, signal: AbortSignal) => Promise<void>;

/** A job that is to be done, or is being done. */
type Active<Input, Details> = {
  record: JobRecord<Input, Details>;
  cancels: AbortController;
  isBegun: boolean;
  isClosed: boolean;
  /** Its file is written by one at a time. */
  saved: Promise<void>;
};

/**
 * Work that outlives the request that asked for it. Each job is a file, so that one that a crash interrupted is begun
 * again by the next process: what it does must be safe to repeat. One at a time, as all of it computes.
 */
export class BackgroundJobs<Input, Details> {
  private readonly active = new Map<string, Active<Input, Details>>();
  private readonly ends = new AbortController();
  private last: Promise<void> = Promise.resolve();

  /** `folder` is this kind's alone; `schema` reads its files; `details` are those of a job that has just begun. */
  constructor(
    private readonly folder: string,
    private readonly schema: z.ZodType<JobRecord<Input, Details>>,
    private readonly details: Details,
    private readonly log: Logger,
    private readonly work: Work<Input, Details>,
  ) {}

  /** Begins again what the last process did not end, and clears away what was being cancelled. */
  async resume(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of (await readdir(this.folder)).filter((file) => file.endsWith('.json'))) {
      const id = name.replace(/\.json$/, '');
      const record = await this.get(id);
      if (record?.state === 'running') await this.start(id, record.input);
      if (record?.state === 'cancelling') {
        this.activate(id, record);
        await this.cancel(id);
      }
    }
  }

  /** Leaves what is under way to the next process. */
  end(): void {
    this.ends.abort();
  }

  /** Null when nobody asked for it yet. `id` is one of a row. */
  async get(id: string): Promise<JobRecord<Input, Details> | null> {
    const active = this.active.get(id);
    if (active) return active.record;
    const text = await readFile(this.place(id), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    // One of another form, by an older Mallo, is as good as none.
    return text === null ? null : (this.schema.safeParse(JSON.parse(text)).data ?? null);
  }

  /** Begins a job; one that is under way stays as it is. */
  async start(id: string, input: Input): Promise<JobRecord<Input, Details>> {
    const there = this.active.get(id);
    if (there) return there.record;
    const job = this.activate(id, {
      ...{ state: 'running', step: 0, steps: 1, error: null },
      ...{ input, details: this.details },
    });
    try {
      await this.save(id, job);
    } catch (error) {
      this.active.delete(id);
      throw error;
    }
    this.last = this.last.then(() => this.run(id, job));
    return job.record;
  }

  /** Ends a job that is under way or waits; of one that is neither nothing changes. Null when nobody asked for it yet. */
  async cancel(id: string): Promise<JobRecord<Input, Details> | null> {
    const job = this.active.get(id);
    if (!job || job.isClosed) return this.get(id);
    if (job.cancels.signal.aborted) return job.record;
    const before = job.record.state;
    job.record.state = 'cancelling';
    // Kept before it is done, so that the next process does not begin it again.
    await this.save(id, job).catch((error: unknown) => {
      job.record.state = before;
      throw error;
    });
    job.cancels.abort();
    // One that waits for its turn need not wait to be cleared away.
    void this.run(id, job);
    return job.record;
  }

  private activate(id: string, record: JobRecord<Input, Details>): Active<Input, Details> {
    const cancels = new AbortController();
    const job = { record, cancels, isBegun: false, isClosed: false, saved: Promise.resolve() };
    this.active.set(id, job);
    return job;
  }

  private async run(id: string, job: Active<Input, Details>): Promise<void> {
    if (job.isBegun || this.ends.signal.aborted) return;
    job.isBegun = true;
    const { record, cancels } = job;
    const signal = AbortSignal.any([this.ends.signal, cancels.signal]);
    try {
      await this.work(
        record.input,
        async (change) => {
          Object.assign(record, change);
          if (!signal.aborted) await this.save(id, job);
        },
        signal,
      );
      // Also of one that was cancelled when all was done.
      await this.close(id, job, { state: 'completed', step: record.steps });
    } catch (error) {
      // What ends with the process is no failure: the next one begins it again.
      if (this.ends.signal.aborted) return;
      if (cancels.signal.aborted) await this.close(id, job, { state: 'cancelled' });
      else await this.close(id, job, { state: 'failed', error: this.problemOf(id, error).toProblem() });
    }
  }

  /** Whoever sees that it has ended can begin it again, so it is said last. */
  private async close(id: string, job: Active<Input, Details>, end: Partial<Job>): Promise<void> {
    if (this.ends.signal.aborted) return;
    job.isClosed = true;
    const ended = { ...job.record, ...end };
    // Should the disk be full, the next process finds it under way and does it again.
    await this.save(id, job, ended).catch((error: unknown) => this.log.error({ id, err: error }, 'a job was not kept'));
    this.active.delete(id);
  }

  private problemOf(id: string, error: unknown): MalloError {
    if (error instanceof MalloError) return error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return new MalloError('server.disk_full');
    const traceId = randomBytes(6).toString('hex');
    this.log.error({ id, traceId, err: error }, 'a job failed');
    return new MalloError('server.unexpected', { traceId });
  }

  private save(id: string, job: Active<Input, Details>, record = job.record): Promise<void> {
    const saving = job.saved.then(() => this.write(id, record));
    job.saved = saving.catch(() => undefined);
    return saving;
  }

  private async write(id: string, record: JobRecord<Input, Details>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const place = this.place(id);
    await writeFile(`${place}.new`, JSON.stringify(record));
    await syncToDisk(`${place}.new`);
    await rename(`${place}.new`, place);
  }

  private place(id: string): string {
    if (!/^\w+$/.test(id)) throw new MalloError('request.not_found');
    return join(this.folder, `${id}.json`);
  }
}
