import type { PoolClient } from 'pg';
import type { Database } from '../database.js';
import type { Batch } from './batch.js';

/** Who writes, and its own count before and after the batch: a repeat is known by it. */
export type WriterPlace = { writer: string; from: number; to: number };

/** What became of a batch: the run's last number before it, or the position where its writer really is. */
export type Appended = { outcome: 'stored'; seqBefore: number } | { outcome: 'elsewhere'; position: number };

/** @property projectId of which the run has to be, and not deleted; any run without it */
export type Append = { runId: string; batch: Batch; place?: WriterPlace | undefined; projectId?: string | undefined };
type Waiting = Append & { resolve: (appended: Appended | null) => void; reject: (error: unknown) => void };

const GROUP_MAX_BYTES = 4 * 1024 * 1024;
const APPEND = {
  name: 'append',
  text: 'select nth, outcome, place from telemetry.append($1, $2, $3, $4, $5, $6, $7, $8)',
};

/**
 * Writes batches to the journal; answers when they are on the disk. While one commit is under way, all that come in
 * wait and are written by the next one together, so that many writers need no more flushes of the disk than one.
 */
export class Journal {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly database: Database) {}

  /** @returns null where the run is not known */
  append(append: Append): Promise<Appended | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...append, resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /** The same within a transaction of the caller's. */
  async appendWith(client: PoolClient, append: Append): Promise<Appended | null> {
    const { rows } = await client.query<AppendRow>({ ...APPEND, values: valuesOf([append]) });
    return appendedOf(rows[0]);
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const group = this.takeGroup();
      try {
        const rows = await this.database.query<AppendRow>(APPEND.text, valuesOf(group), APPEND.name);
        for (const row of rows) group[row.nth - 1]?.resolve(appendedOf(row));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.writing = false;
  }

  /** Of one run in the order in which they came, and runs sorted, as `telemetry.append` needs it. */
  private takeGroup(): Waiting[] {
    let bytes = 0;
    let taken = 0;
    while (taken < this.waiting.length && (taken === 0 || bytes < GROUP_MAX_BYTES)) {
      bytes += this.waiting[taken]?.batch.payload.length ?? 0;
      taken += 1;
    }
    const group = this.waiting.splice(0, taken);
    return group.sort((a, b) => (a.runId < b.runId ? -1 : Number(a.runId > b.runId)));
  }
}

type AppendRow = { nth: number; outcome: 'stored' | 'elsewhere' | 'unknown'; place: number };

function appendedOf(row: AppendRow | undefined): Appended | null {
  if (!row || row.outcome === 'unknown') return null;
  return row.outcome === 'stored'
    ? { outcome: 'stored', seqBefore: row.place }
    : { outcome: 'elsewhere', position: row.place };
}

/** The payloads in one piece, as an array of them would be sent as text. */
function valuesOf(group: readonly Append[]): unknown[] {
  return [
    group.map(({ runId }) => runId),
    group.map(({ projectId }) => projectId ?? null),
    group.map(({ place }) => place?.writer ?? null),
    group.map(({ place }) => place?.from ?? null),
    group.map(({ place }) => place?.to ?? null),
    group.map(({ batch }) => batch.events),
    group.map(({ batch }) => batch.payload.length),
    Buffer.concat(group.map(({ batch }) => batch.payload)),
  ];
}
