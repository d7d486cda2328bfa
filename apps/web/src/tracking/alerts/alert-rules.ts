import type { MetricValue, RunStatus, RunsFrame } from '@mallo/contracts';
import { z } from 'zod';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { isActive } from '@/runs/run-status';

const Base = { id: z.string(), /** Null: any run of the project. */ runId: z.string().nullable() };

/** What somebody wants to be told of. */
export const AlertRule = z.discriminatedUnion('kind', [
  z.strictObject({ ...Base, kind: z.literal('above'), metric: z.string(), value: z.number() }),
  z.strictObject({ ...Base, kind: z.literal('below'), metric: z.string(), value: z.number() }),
  z.strictObject({ ...Base, kind: z.literal('nan'), metric: z.string() }),
  z.strictObject({ ...Base, kind: z.literal('ended') }),
  z.strictObject({ ...Base, kind: z.literal('failed') }),
]);
export type AlertRule = z.infer<typeof AlertRule>;
export const ALERT_KINDS = ['ended', 'failed', 'above', 'below', 'nan'] as const satisfies AlertRule['kind'][];

export type Alert = { rule: AlertRule; runId: string; status: RunStatus; value: MetricValue | null };

type Kept = {
  /** By project. */
  rules: Record<string, AlertRule[]>;
  /** Whether the browser is to show them too, outside of the page. */
  notifies: boolean;
  add: (projectId: string, rule: AlertRule) => void;
  drop: (projectId: string, ruleId: string) => void;
  setNotifies: (notifies: boolean) => void;
};

/** Rules as this browser keeps them. */
export const useAlertRules = create<Kept>()(
  persist(
    (set) => ({
      rules: {},
      notifies: false,
      add: (projectId, rule) =>
        set(({ rules }) => ({ rules: { ...rules, [projectId]: [...(rules[projectId] ?? []), rule] } })),
      drop: (projectId, ruleId) =>
        set(({ rules }) => ({
          rules: { ...rules, [projectId]: (rules[projectId] ?? []).filter(({ id }) => id !== ruleId) },
        })),
      setNotifies: (notifies) => set({ notifies }),
    }),
    { name: 'mallo.alerts' },
  ),
);

/**
 * Says which rules come true as runs change, each once: again only after it was no longer true. A run's end counts only
 * where it was seen going on before, as runs that ended long ago change too.
 */
export function alertWatch() {
  const isTrue = new Set<string>();
  const going = new Set<string>();
  return {
    /** Runs that were going on before anything was told of them. */
    seeGoing(runIds: readonly string[]) {
      for (const runId of runIds) going.add(runId);
    },
    hear(runs: RunsFrame['runs'], rules: readonly AlertRule[]): Alert[] {
      const alerts: Alert[] = [];
      for (const run of runs) {
        const hasEnded = !isActive(run.status) && going.delete(run.id);
        if (isActive(run.status)) going.add(run.id);
        for (const rule of rules) {
          if (rule.runId !== null && rule.runId !== run.id) continue;
          if (rule.kind === 'ended' || rule.kind === 'failed') {
            const isMeant = rule.kind === 'ended' || run.status === 'failed';
            if (hasEnded && isMeant) alerts.push({ rule, runId: run.id, status: run.status, value: null });
            continue;
          }
          const value = run.metrics[rule.metric]?.value;
          if (value === undefined) continue;
          const key = `${rule.id} ${run.id}`;
          if (!comesTrue(rule, value)) isTrue.delete(key);
          else if (!isTrue.has(key)) {
            isTrue.add(key);
            alerts.push({ rule, runId: run.id, status: run.status, value });
          }
        }
      }
      return alerts;
    },
  };
}

function comesTrue(rule: Extract<AlertRule, { metric: string }>, value: MetricValue): boolean {
  if (rule.kind === 'nan') return typeof value !== 'number';
  const number = Number(value);
  return rule.kind === 'above' ? number > rule.value : number < rule.value;
}
