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

type Work<Input, Details> = (input: Input, report: Report<Details>, signal: AbortSignal) => Promise<void>;

/**
 * Work that outlives the request that asked for it. Each job is a file, so that one that a crash interrupted is begun
 * again by the next process: what it does must be safe to repeat. One at a time, as all of it computes.
 */
export class BackgroundJobs<Input, Details> {
  private readonly active = new Map<string, JobRecord<Input, Details>>();
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

  /** Begins again what the last process did not end. */
  async resume(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of (await readdir(this.folder)).filter((file) => file.endsWith('.json'))) {
      const id = name.replace(/\.json$/, '');
      const record = await this.get(id);
      if (record?.state === 'running') await this.start(id, record.input);
    }
  }

  /** Leaves what is under way to the next process. */
  end(): void {
    this.ends.abort();
  }

  /** Null when nobody asked for it yet. `id` is one of a row. */
  async get(id: string): Promise<JobRecord<Input, Details> | null> {
    const active = this.active.get(id);
    if (active) return active;
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
    if (there) return there;
    const record: JobRecord<Input, Details> = {
      ...{ state: 'running', step: 0, steps: 1, error: null },
      ...{ input, details: this.details },
    };
    this.active.set(id, record);
    try {
      await this.save(id, record);
    } catch (error) {
      this.active.delete(id);
      throw error;
    }
    this.last = this.last.then(() => this.run(id, record));
    return record;
  }

  private async run(id: string, record: JobRecord<Input, Details>): Promise<void> {
    const signal = this.ends.signal;
    if (signal.aborted) return;
    try {
      await this.work(
        record.input,
        async (change) => {
          Object.assign(record, change);
          if (!signal.aborted) await this.save(id, record);
        },
        signal,
      );
      await this.close(id, { ...record, state: 'completed', step: record.steps });
    } catch (error) {
      if (signal.aborted) return;
      await this.close(id, { ...record, state: 'failed', error: this.problemOf(id, error).toProblem() });
    }
  }

  /** Whoever sees that it has ended can begin it again, so it is said last. */
  private async close(id: string, ended: JobRecord<Input, Details>): Promise<void> {
    if (this.ends.signal.aborted) return;
    // Should the disk be full, the next process finds it under way and does it again.
    await this.save(id, ended).catch((error: unknown) => this.log.error({ id, err: error }, 'a job was not kept'));
    this.active.delete(id);
  }

  private problemOf(id: string, error: unknown): MalloError {
    if (error instanceof MalloError) return error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return new MalloError('server.disk_full');
    const traceId = randomBytes(6).toString('hex');
    this.log.error({ id, traceId, err: error }, 'a job failed');
    return new MalloError('server.unexpected', { traceId });
  }

  private async save(id: string, record: JobRecord<Input, Details>): Promise<void> {
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
