import type { SequencedEvent } from '@mallo/contracts';
import type { Database } from '../database.js';
import { eventsOf } from './batch.js';
import type { JournalRow } from './fold.js';

/** The events asked for are no longer in the journal: whoever watches begins anew with a snapshot. */
export class EventsGone extends Error {
  override name = 'EventsGone';
}

const ROWS = 100;

/** Events of a run after a place in its sequence, in order. @throws EventsGone */
export async function readEvents(
  database: Database,
  runId: string,
  after: number,
  limit: number,
): Promise<SequencedEvent[]> {
  const rows = await database.query<JournalRow & { seq: number }>(
    `select runs.seq, seq_from as "seqFrom", seq_to as "seqTo", payload
       from telemetry.runs left join lateral (
         select * from telemetry.journal
          where run_id = $1 and seq_from > coalesce(
            (select seq_from from telemetry.journal where run_id = $1 and seq_from <= $2 + 1
              order by seq_from desc limit 1), 0) - 1
            -- A row may be megabytes of lines.
            and seq_from <= $2 + $4
          order by seq_from limit $3) journal on true
      where runs.run_id = $1 order by seq_from`,
    [runId, after, ROWS, limit],
  );
  const [first] = rows;
  if (!first || first.seq <= after) return [];
  if (!first.payload || first.seqFrom > after + 1) throw new EventsGone();
  const events: SequencedEvent[] = [];
  for (const { payload, seqFrom } of rows) {
    events.push(...eventsOf(payload, seqFrom).filter(({ seq }) => seq > after));
    if (events.length >= limit) break;
  }
  return events.slice(0, limit);
}
