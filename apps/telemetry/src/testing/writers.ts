import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, createClient } from '@mallo/client';
import type { LiveEvent } from '@mallo/contracts';
import { expect } from 'vitest';
import { PointStore } from '../points/point-store.js';
import { logLine, metric, type OpenRun, send } from './telemetry.js';

const MOST_AT_ONCE = 200;
const RETRY_MS = 20;

export type Writing = {
  /** Events that were acknowledged so far. */
  acknowledged: () => number;
  /** No more is begun; resolves when all that was is acknowledged. */
  finish: () => Promise<void>;
};

/** Event number `at` of a writer: in turns a point and a line that say where they belong. */
function event(writer: string, at: number): LiveEvent {
  return at % 2 ? logLine(`${writer} ${at}`) : metric(writer, at / 2, Math.sin(at));
}

/** Writers that go on through whatever happens, each sending the same again until it is acknowledged. */
export function startWriters(run: OpenRun, baseUrl: string, writers: readonly string[]): Writing {
  const reached = new Map(writers.map((writer) => [writer, 0]));
  let over = false;
  // A program does not wait for ever for an answer that was lost.
  const through = { ...run, writer: createClient({ baseUrl, accessToken: run.writer.accessToken ?? '' }) };
  const write = async (writer: string) => {
    while (!over) {
      const from = reached.get(writer) ?? 0;
      const events = Array.from({ length: 1 + Math.floor(Math.random() * MOST_AT_ONCE) }, (_, at) =>
        event(writer, from + at),
      );
      const position = await untilAnswered(() => send(through, writer, from, events, AbortSignal.timeout(10_000)));
      reached.set(writer, position);
    }
  };
  const all = writers.map(write);
  return {
    acknowledged: () => [...reached.values()].reduce((sum, count) => sum + count, 0),
    finish: async () => {
      over = true;
      await Promise.all(all);
    },
  };
}

async function untilAnswered(attempt: () => Promise<number>): Promise<number> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'run.writer_elsewhere') return Number(error.params.position);
      if (error instanceof ApiError && error.status < 500 && error.status !== 0) throw error;
      await wait(RETRY_MS);
    }
  }
}

/** Every acknowledged event is there once, in its writer's order, and nothing else. */
export async function expectNothingLost(store: PointStore, run: OpenRun, writers: readonly string[], count: number) {
  const { runId } = run;
  const next = new Map(writers.map((writer) => [writer, 1]));
  let lines = 0;
  for (let from = 1; ; ) {
    const page = await store.lines(runId, { from, limit: 5000, search: '' });
    for (const { number, line } of page.lines) {
      lines += 1;
      expect(number).toBe(lines);
      const [writer = '', at] = line.split(' ');
      expect(`${writer} ${at}`).toBe(`${writer} ${next.get(writer)}`);
      next.set(writer, Number(at) + 2);
    }
    from = lines + 1;
    if (page.lines.length === 0) break;
  }
  const refs = writers.map((key) => ({ runId, key }));
  const curves = await store.curves(refs, { axis: 'step' }, 10_000_000);
  let points = 0;
  for (const { points: curve } of curves) {
    expect([...curve.steps]).toEqual(Array.from(curve.steps, (_, step) => step));
    expect([...curve.values]).toEqual(Array.from(curve.steps, (_, step) => Math.sin(step * 2)));
    points += curve.steps.length;
  }
  expect(points + lines).toBe(count);
  // Not through the service: a person's token does not outlast a thousand kills.
  const { seq } = await store.snapshot(runId, 10, 0);
  expect(seq).toBe(count);
}
