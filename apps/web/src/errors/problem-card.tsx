'use client';

import { ApiError } from '@mallo/client';
import type { Problem } from '@mallo/contracts';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '@/ui/button';
import { cn } from '@/ui/cn';
import { useErrorMessage } from './use-error-message';

type ProblemCardProps = {
  /** Where it comes from: a thrown error, or a problem kept in a run or a message. */
  problem: Error | Problem;
  /** What it is about, such as the name of a file. */
  title?: string;
  onRetry?: () => void;
  children?: ReactNode;
  className?: string;
};

/** Says what happened and what to do, with the number by which the log finds it. */
export function ProblemCard({ problem, title, onRetry, children, className }: ProblemCardProps) {
  const t = useTranslations('errors');
  const locale = useLocale();
  const messageOf = useErrorMessage();
  const text = problem instanceof Error ? messageOf(problem) : problem.message[locale];
  const traceId =
    problem instanceof ApiError ? problem.traceId : problem instanceof Error ? '' : problem.params?.traceId;
  return (
    <div
      role="alert"
      className={cn('flex items-start gap-3 rounded-xl border border-danger-line bg-danger-soft px-4 py-3', className)}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger" />
      <div className="grid min-w-0 flex-1 gap-2">
        <div>
          {title && <p className="truncate font-semibold">{title}</p>}
          <p>{text}</p>
        </div>
        {traceId && <p className="font-mono text-muted text-xs">{t('traceId', { traceId: String(traceId) })}</p>}
        {(onRetry || children) && (
          <div className="flex flex-wrap gap-2">
            {onRetry && (
              <Button size="sm" onClick={onRetry}>
                <RotateCw aria-hidden />
                {t('retry')}
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
