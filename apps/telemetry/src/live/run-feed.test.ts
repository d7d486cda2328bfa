import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { OperatorMetrics } from '@mallo/backend';
import type { SequencedEvent } from '@mallo/contracts';
import { HttpAdapterHost } from '@nestjs/core';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { EventsGone } from '../points/read-events.js';
import { logLine, range } from '../testing/telemetry.js';
import { FeedMetrics } from './feed.metrics.js';
import { RunFeed } from './run-feed.js';
import type { Watcher } from './subscription.js';

/** A run whose events are committed here, and whose watchers have connections as slow as a test wants. */
function makeRun(keptFrom = 1) {
  const committed: SequencedEvent[] = [];
  const frames: number[][] = [];
  const followers = new Set<(events: SequencedEvent[]) => void>();
  let reads = 0;
  const read = async (_runId: string, after: number, limit: number) => {
    reads += 1;
    await nextTurn();
    if (after + 1 < keptFrom && committed.length > 0) throw new EventsGone();
    return committed.slice(after, after + limit);
  };
  const broadcast = (_runId: string, events: SequencedEvent[]) => {
    frames.push(events.map(({ seq }) => seq));
    for (const take of followers) take(events);
  };
  const metrics = new FeedMetrics(new OperatorMetrics(new HttpAdapterHost()));
  const feed = new RunFeed(read, broadcast, metrics, pino({ level: 'silent' }));

  const commit = (count: number) => {
    const events = Array.from({ length: count }, (_, index) => ({
      seq: committed.length + index + 1,
      event: logLine(`${committed.length + index + 1}`),
    }));
    committed.push(...events);
    return events;
  };
  const watch = (place: number) => {
    const seen: number[] = [];
    const alone: number[][] = [];
    let ready = true;
    let told = Promise.withResolvers<void>();
    let gone = false;
    const take = (events: SequencedEvent[]) => {
      if (!ready) throw new Error('sent to a connection that was not done with the frame before');
      seen.push(...events.map(({ seq }) => seq));
    };
    const watcher: Watcher = {
      isReady: () => ready,
      untilReady: async () => {
        while (!ready) await told.promise;
      },
      send: (events) => {
        alone.push(events.map(({ seq }) => seq));
        take(events);
      },
      follow: () => followers.add(take),
      unfollow: () => followers.delete(take),
      gone: () => {
        gone = true;
      },
    };
    const subscription = feed.subscribe('run_1', place, watcher);
    subscription.wake();
    const setReady = (is: boolean) => {
      if (is === ready) return;
      ready = is;
      if (is) told.resolve();
      else told = Promise.withResolvers();
    };
    return { seen, alone, setReady, subscription, isGone: () => gone };
  };
  return { feed, commit, watch, frames, committed, reads: () => reads };
}

test('what was committed since the last frame goes out as one, the same for all who keep up', async () => {
  const { feed, commit, watch, frames, reads } = makeRun();
  const watchers = [watch(0), watch(0), watch(0)];
  feed.published('run_1', commit(1));
  await vi.waitFor(() => expect(watchers.map(({ seen }) => seen)).toEqual([[1], [1], [1]]));
  frames.length = 0;
  const before = reads();
  for (let batch = 0; batch < 20; batch += 1) feed.published('run_1', commit(10));
  await vi.waitFor(() => expect(watchers[2]?.seen).toEqual(range(1, 201)));
  expect(frames).toEqual([range(2, 201)]);
  expect(reads()).toBe(before);
});

test('a connection that is not done is passed by; it gets what it missed by itself, then follows again', async () => {
  const { feed, commit, watch, frames } = makeRun();
  const [quick, slow] = [watch(0), watch(0)];
  feed.published('run_1', commit(2));
  await vi.waitFor(() => expect(slow.seen).toEqual([1, 2]));
  slow.setReady(false);
  for (let batch = 0; batch < 5; batch += 1) {
    feed.published('run_1', commit(1000));
    await vi.waitFor(() => expect(quick.seen.at(-1)).toBe(2 + (batch + 1) * 1000));
  }
  expect(slow.seen).toEqual([1, 2]);
  slow.setReady(true);
  await vi.waitFor(() => expect(slow.seen).toEqual(range(1, 5002)));
  expect(Math.max(...slow.alone.map(({ length }) => length))).toBe(500);
  slow.alone.length = 0;
  feed.published('run_1', commit(3));
  await vi.waitFor(() => expect(slow.seen).toEqual(range(1, 5005)));
  expect(slow.alone).toEqual([]);
  expect(frames.at(-1)).toEqual([5003, 5004, 5005]);
});

test('many who come back to the same place cost one read', async () => {
  const { commit, watch, reads } = makeRun();
  commit(300);
  const watchers = range(1, 200).map(() => watch(100));
  await vi.waitFor(() => expect(watchers.every(({ seen }) => seen.length === 200)).toBe(true));
  expect(watchers[199]?.seen).toEqual(range(101, 300));
  expect(reads()).toBeLessThan(5);
});

test('whoever asks for what is gone is told to begin anew', async () => {
  const { commit, watch } = makeRun(1000);
  commit(2000);
  const [late, recent] = [watch(5), watch(1500)];
  await vi.waitFor(() => expect(late.isGone()).toBe(true));
  await vi.waitFor(() => expect(recent.seen).toEqual(range(1501, 2000)));
  expect(late.seen).toEqual([]);
});

test('each event is seen once and in order, whatever is told late, twice or never, and however slow the watchers', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { feed, commit, watch } = makeRun();
    const watchers = range(1, 5).map(() => ({ from: 0, ...watch(0) }));
    const untold: SequencedEvent[][] = [];
    let total = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      const count = 1 + Math.floor(Math.random() * 30);
      const events = commit(count);
      total += count;
      const chance = Math.random();
      if (chance < 0.6) feed.published('run_1', events);
      else if (chance < 0.8) untold.push(events);
      if (Math.random() < 0.2) for (const late of untold.splice(0).reverse()) feed.published('run_1', late);
      for (const { setReady } of watchers) if (Math.random() < 0.3) setReady(Math.random() < 0.5);
      if (Math.random() < 0.05) watchers.push({ from: total - count, ...watch(total - count) });
      if (Math.random() < 0.3) await nextTurn();
      if (Math.random() < 0.05) await delay(20);
    }
    for (const { setReady } of watchers) setReady(true);
    // Something may have been committed that nobody told.
    feed.published('run_1', []);
    await vi.waitFor(
      () => expect(watchers.map(({ seen }) => seen)).toEqual(watchers.map(({ from }) => range(from + 1, total))),
      20_000,
    );
    for (const { subscription } of watchers) subscription.end();
    expect(feed.isWatched('run_1')).toBe(false);
  }
});
