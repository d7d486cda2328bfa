import type { RunStatus, RunsFrame } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { type AlertRule, alertWatch } from './alert-rules';

const run = (status: RunStatus, loss?: number | 'NaN', id = 'run_1'): RunsFrame['runs'][number] => ({
  id,
  status,
  changed: false,
  logged: false,
  metrics: loss === undefined ? {} : { loss: { value: loss, step: 1, timeMs: 1 } },
});
const rule = (change: object) => ({ id: 'r', runId: null, ...change }) as AlertRule;
const below = [rule({ kind: 'below', metric: 'loss', value: 0.5 })];

test('tells once that a metric crossed a line, and again only after it came back', () => {
  const watch = alertWatch();
  const hear = (loss: number) => watch.hear([run('running', loss)], below).length;
  expect([0.9, 0.4, 0.3, 0.6, 0.4].map(hear)).toEqual([0, 1, 0, 0, 1]);
});

test('tells of each run by itself, and of one alone where one was meant', () => {
  const watch = alertWatch();
  const both = [run('running', 0.1), run('running', 0.1, 'run_2')];
  expect(watch.hear(both, below).map(({ runId }) => runId)).toEqual(['run_1', 'run_2']);
  const one = [rule({ kind: 'above', metric: 'loss', value: 0, runId: 'run_2' })];
  expect(
    alertWatch()
      .hear(both, one)
      .map(({ runId }) => runId),
  ).toEqual(['run_2']);
});

test('tells of a value that is no number, which is neither above nor below', () => {
  const rules = [...below, rule({ id: 'n', kind: 'nan', metric: 'loss' })];
  expect(
    alertWatch()
      .hear([run('running', 'NaN')], rules)
      .map((alert) => alert.rule.kind),
  ).toEqual(['nan']);
});

test('tells of an end only where the run was seen going on', () => {
  const rules = [rule({ kind: 'ended' }), rule({ id: 'f', kind: 'failed' })];
  const kinds = (watch: ReturnType<typeof alertWatch>, status: RunStatus) =>
    watch.hear([run(status)], rules).map((alert) => alert.rule.kind);
  const watch = alertWatch();
  expect(kinds(watch, 'failed')).toEqual([]);
  expect(kinds(watch, 'running')).toEqual([]);
  expect(kinds(watch, 'failed')).toEqual(['ended', 'failed']);
  expect(kinds(watch, 'failed')).toEqual([]);
  watch.seeGoing(['run_1']);
  expect(kinds(watch, 'completed')).toEqual(['ended']);
});
