import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MalloError, type QueryTable } from '@mallo/contracts';
import { FILE_NAME, MEMORY_SPENT_EXIT, type QueryAnswer, type QueryJob } from './query.messages.js';

/** The built file, also when the tests run this one from its source. */
const PROCESS = fileURLToPath(new URL('../../dist/export/query.process.js', import.meta.url));
const MOST_AT_ONCE = 2;

type Asked = Omit<QueryJob, 'databaseUrl' | 'folder'>;
/** @property timeoutMs none: as long as it takes */
type Limits = { signal: AbortSignal; timeoutMs?: number };
export type QueryFile = { path: string; remove: () => Promise<void> };

/** Asks DuckDB about what runs logged, each time in a process of its own that is ended when nobody waits any more. */
export class Queries {
  private underWay = 0;

  constructor(private readonly databaseUrl: string) {}

  /** @throws MalloError query.invalid, query.too_large, query.too_slow, request.too_many, server.disk_full */
  async table(asked: Omit<Asked, 'to'>, maxRows: number, limits: Limits): Promise<QueryTable> {
    const { answer, remove } = await this.ask({ ...asked, to: { maxRows } }, limits);
    await remove();
    return answer.table as QueryTable;
  }

  /** @returns the file, and what deletes it @throws MalloError as `table` */
  async file(asked: Omit<Asked, 'to'>, format: 'parquet' | 'csv', limits: Limits): Promise<QueryFile> {
    const { folder, remove } = await this.ask({ ...asked, to: { format } }, limits);
    return { path: join(folder, `${FILE_NAME}.${format}`), remove };
  }

  private async ask(asked: Asked, limits: Limits) {
    if (this.underWay >= MOST_AT_ONCE) throw new MalloError('request.too_many', { seconds: 10 });
    this.underWay += 1;
    try {
      return await this.inFolder(asked, limits);
    } finally {
      this.underWay -= 1;
    }
  }

  private async inFolder(asked: Asked, limits: Limits) {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-export-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const answer = await answered({ ...asked, databaseUrl: this.databaseUrl, folder }, limits);
      if ('failure' in answer) throw new MalloError(answer.failure.code, answer.failure.params);
      return { answer, folder, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }
}

/** What the process said; when this settles, the process is gone. */
function answered(job: QueryJob, { signal, timeoutMs }: Limits): Promise<QueryAnswer> {
  return new Promise((resolve, reject) => {
    // Of the environment nothing: what a query cannot reach it cannot tell.
    const child = fork(PROCESS, {
      env: {},
      execArgv: ['--max-old-space-size=512'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let answer: QueryAnswer | undefined;
    let endedFor: unknown;
    const end = (why: unknown) => {
      endedFor ??= why;
      child.kill('SIGKILL');
    };
    const leave = () => end(signal.reason);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    const seconds = Math.round((timeoutMs ?? 0) / 1000);
    const timer = timeoutMs && setTimeout(() => end(new MalloError('query.too_slow', { seconds })), timeoutMs);
    child.once('message', (message: QueryAnswer) => {
      answer = message;
    });
    child.once('error', reject);
    child.once('exit', (code, name) => {
      clearTimeout(timer || undefined);
      signal.removeEventListener('abort', leave);
      if (answer) resolve(answer);
      else if (endedFor !== undefined) reject(endedFor);
      else if (code === MEMORY_SPENT_EXIT || name !== null) reject(new MalloError('query.too_large'));
      else reject(new Error(`the process of a query ended with ${code}`));
    });
    child.send(job, () => undefined);
  });
}
