import type { LiveSnapshot } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import { asJson, type OtherEvent } from './batch.js';
import { readCurves } from './read-curves.js';
import { readLastLines } from './read-lines.js';
import { readUnfolded } from './read-unfolded.js';

type Notice = LiveSnapshot['notices'][number];

const MOST_NOTICES = 1000;

/**
 * One moment of a run: what the snapshot holds is exactly the events up to its `seq`.
 * @param client in a transaction that sees one moment
 */
export async function readSnapshot(
  client: PoolClient,
  runId: string,
  maxPoints: number,
  logLines: number,
): Promise<LiveSnapshot> {
  type Run = { seq: number; progress: LiveSnapshot['progress'] };
  const run = await client.query<Run>(
    'select runs.seq, progress from telemetry.runs left join telemetry.folded using (run_id) where run_id = $1',
    [runId],
  );
  const { seq, progress } = run.rows[0] ?? { seq: 0, progress: null };
  const runs = await readUnfolded(client, [runId]);
  const journal = runs.get(runId);
  const foldedKeys = await client.query<{ key: string }>('select key from telemetry.latest_points where run_id = $1', [
    runId,
  ]);
  const keys = new Set([...foldedKeys.rows.map(({ key }) => key), ...(journal?.points.keys() ?? [])]);
  const refs = [...keys].sort().map((key) => ({ runId, key }));
  const curves = await readCurves(client, refs, { axis: 'step' }, maxPoints, runs);
  const notices = await client.query<{ event: Notice }>(
    `select event from telemetry.events where run_id = $1 and type = 'notice' order by seq desc limit $2`,
    [runId, MOST_NOTICES],
  );
  const unfolded = journal?.others.map(({ event }) => event) ?? [];
  return {
    seq,
    progress: unfolded.findLast((event) => event.type === 'progress') ?? progress,
    curves: curves.map(({ key, points: { steps, timesMs, values } }) => ({
      key,
      points: Array.from(steps, (step, at) => [step, asJson(values[at] as number), timesMs[at] as number]),
    })),
    logs: (await readLastLines(client, runId, journal, logLines)).map(({ seq: at, stream, timeMs, line }) => ({
      seq: at,
      stream,
      timeMs,
      line,
    })),
    notices: latestOfEach([...unfolded.filter(isNotice).reverse(), ...notices.rows.map(({ event }) => event)]),
  };
}

function isNotice(event: OtherEvent): event is Notice {
  return event.type === 'notice';
}

/** A training started again says the same again; the newest come first. @returns the oldest first. */
function latestOfEach(notices: Notice[]): Notice[] {
  const seen = new Map<string, Notice>();
  for (const notice of notices) {
    const name = `${notice.code} ${notice.message}`;
    if (!seen.has(name)) seen.set(name, notice);
  }
  return [...seen.values()].reverse();
}
