import type { LiveEvent, LiveSnapshot, SequencedEvent } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { applyEvents, CURVE_POINTS, LOG_LINES, remainingSeconds, viewOfSnapshot } from './index.js';

const EMPTY: LiveSnapshot = { seq: 0, curves: [], logs: [], progress: null, notices: [] };

function sequence(events: LiveEvent[], after = 0): SequencedEvent[] {
  return events.map((event, index) => ({ seq: after + index + 1, event }));
}

function metric(key: string, step: number, value: number | 'NaN', timeMs = step * 1000): LiveEvent {
  return { type: 'metric', key, step, timeMs, value };
}

function log(line: string): LiveEvent {
  return { type: 'log', stream: 'stdout', timeMs: 1, line };
}

test('replaces a point of the same step and keeps steps in order', () => {
  const view = applyEvents(
    viewOfSnapshot(EMPTY),
    sequence([metric('loss', 1, 3), metric('loss', 3, 1), metric('loss', 2, 2), metric('loss', 1, 'NaN')]),
  );
  expect(view.curves.loss?.map(([step, value]) => [step, value])).toEqual([
    [1, 'NaN'],
    [2, 2],
    [3, 1],
  ]);
});

test('keeps the curves of metrics that are named like what every object has', () => {
  const names = ['constructor', 'toString', '__proto__'];
  const view = applyEvents(viewOfSnapshot(EMPTY), sequence(names.map((name) => metric(name, 1, 2))));
  const later = applyEvents(view, sequence([metric('__proto__', 2, 3)], names.length));
  expect(Object.keys(later.curves)).toEqual(names);
  expect(Object.entries(later.curves).map(([, points]) => points.length)).toEqual([1, 1, 2]);
});

test('passes over events it already holds, and refuses to skip any', () => {
  const events = sequence([log('a'), log('b'), log('c')]);
  const view = applyEvents(viewOfSnapshot(EMPTY), events.slice(0, 2));
  expect(applyEvents(view, events).logs.map(({ line }) => line)).toEqual(['a', 'b', 'c']);
  expect(applyEvents(view, events.slice(0, 1))).toBe(view);
  expect(() => applyEvents(viewOfSnapshot(EMPTY), events.slice(1))).toThrow(RangeError);
});

test('leaves the view before it as it was', () => {
  const before = applyEvents(viewOfSnapshot(EMPTY), sequence([metric('loss', 1, 3), log('a')]));
  const copy = structuredClone(before);
  const after = applyEvents(before, sequence([metric('loss', 1, 9), metric('loss', 2, 1), log('b')], 2));
  expect(before).toEqual(copy);
  expect(after.curves.loss).toHaveLength(2);
});

test('keeps the last lines only', () => {
  const lines = Array.from({ length: LOG_LINES + 5 }, (_, index) => log(`${index}`));
  const view = applyEvents(viewOfSnapshot(EMPTY), sequence(lines));
  expect(view.logs).toHaveLength(LOG_LINES);
  expect(view.logs.at(-1)).toMatchObject({ line: `${LOG_LINES + 4}`, seq: LOG_LINES + 5 });
});

test('thins a long curve but keeps its ends and its spikes', () => {
  let view = viewOfSnapshot(EMPTY);
  for (let step = 1; step <= 20_000; step += 1) {
    view = applyEvents(view, sequence([metric('loss', step, step === 777 ? 1e6 : 1 / step)], step - 1));
  }
  const points = view.curves.loss ?? [];
  expect(points.length).toBeLessThanOrEqual(2 * CURVE_POINTS);
  expect(points[0]?.[0]).toBe(1);
  expect(points.at(-1)?.[0]).toBe(20_000);
  expect(points.find(([step]) => step === 777)?.[1]).toBe(1e6);
});

test('says a notice once though a resumed training repeats it', () => {
  const notice: LiveEvent = { type: 'notice', timeMs: 1, level: 'warning', code: 'x', message: 'y' };
  const view = applyEvents(viewOfSnapshot(EMPTY), sequence([notice, { ...notice, timeMs: 2 }]));
  expect(view.notices).toEqual([{ ...notice, timeMs: 2 }]);
});

/** Batch and epoch lines of a training: seconds for each batch and validation, one batch line in `every`. */
function training(options: { batches: number; epochs: number; batch: number; validation: number; every: number }) {
  const { batches, epochs, every } = options;
  let seconds = 0;
  const events: { at: number; event: LiveEvent }[] = [];
  const add = (event: LiveEvent) => events.push({ at: seconds, event: { ...event, timeMs: seconds * 1000 } });
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    for (let batch = 1; batch <= batches; batch += 1) {
      seconds += options.batch * (batch % 2 ? 0.9 : 1.1);
      const step = (epoch - 1) * batches + batch;
      if (batch % every && batch !== batches) continue;
      add(metric('loss', step, 1));
      add({ type: 'progress', timeMs: 0, epoch, epochs, batch, batches, step, imagesPerSecond: 1 });
    }
    seconds += options.validation;
    add(metric('val_loss', epoch, 1));
  }
  return { events, total: seconds };
}

test('says how long a training still takes within a tenth, validation included, from the second epoch on', () => {
  for (const every of [1, 5, 23]) {
    const { events, total } = training({ batches: 23, epochs: 8, batch: 0.4, validation: 5, every });
    let view = viewOfSnapshot(EMPTY);
    events.forEach(({ at, event }, index) => {
      view = applyEvents(view, sequence([event], index));
      if (event.type !== 'progress' || event.epoch < 3) return;
      const left = total - at;
      // With one line an epoch the two cannot be told apart, and the validation now going on is missed.
      expect(Math.abs((remainingSeconds(view) ?? 0) - left)).toBeLessThan(0.1 * left + (every === 23 ? 5 : 0.5));
    });
    expect(remainingSeconds(view)).toBe(0);
  }
});

test('does not let an hour of being down into the estimate', () => {
  const { events, total } = training({ batches: 50, epochs: 4, batch: 0.5, validation: 3, every: 5 });
  const half = Math.floor(events.length / 2);
  const view = applyEvents(
    viewOfSnapshot(EMPTY),
    sequence(
      events
        .slice(0, half + 10)
        .map(({ event }, index) => (index < half ? event : { ...event, timeMs: event.timeMs + 3_600_000 })),
    ),
  );
  const left = total - (events[half + 9]?.at ?? 0);
  expect(Math.abs((remainingSeconds(view) ?? 0) - left)).toBeLessThan(0.1 * left + 1);
});

test('says nothing of the time left before there is a pace', () => {
  expect(remainingSeconds(viewOfSnapshot(EMPTY))).toBeNull();
});
