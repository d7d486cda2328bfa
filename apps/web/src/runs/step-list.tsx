'use client';

import type { WorkflowStep } from '@mallo/contracts';
import { Ban, Check, Circle, LoaderCircle, Minus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';

const ICONS = {
  pending: Circle,
  running: LoaderCircle,
  completed: Check,
  failed: X,
  cancelled: Ban,
  skipped: Minus,
} as const;

const TONES = {
  pending: 'text-muted',
  running: 'bg-accent-soft text-accent',
  completed: 'bg-ok-soft text-ok',
  failed: 'bg-danger-soft text-danger',
  cancelled: 'bg-warn-soft text-warn',
  skipped: 'text-muted',
} as const;

/** The steps of the workflow: where it is, how long each took, and how often it was tried. */
export function StepList({ steps, nowMs }: { steps: readonly WorkflowStep[]; nowMs: number }) {
  const t = useTranslations('run');
  const format = useFormat();
  return (
    <ol aria-label={t('steps')} className="grid gap-0.5">
      {steps.map(({ name, status, attempt, startedAt, endedAt }) => {
        const Icon = ICONS[status];
        const endMs = endedAt ? Date.parse(endedAt) : nowMs;
        const seconds = startedAt ? (endMs - Date.parse(startedAt)) / 1000 : null;
        return (
          <li
            key={name}
            data-testid={`step-${name}`}
            data-status={status}
            aria-current={status === 'running' ? 'step' : undefined}
            className="flex h-7 items-center gap-2.5 text-sm"
          >
            <span className={cn('grid size-5 shrink-0 place-items-center rounded-full', TONES[status])}>
              <Icon
                role="img"
                aria-label={t(`stepStatus.${status}`)}
                className={cn('size-3', status === 'running' && 'animate-spin')}
              />
            </span>
            <span
              className={cn('truncate', status === 'running' && 'font-medium', status === 'pending' && 'text-muted')}
            >
              {t(`stepNames.${name}`)}
            </span>
            {attempt > 1 && <span className="shrink-0 text-warn text-xs">{t('attempt', { attempt })}</span>}
            <span className="tabular ml-auto shrink-0 text-muted text-xs">
              {seconds !== null && status !== 'skipped' && format.duration(seconds)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
