'use client';

import type { LinkState as State } from '@mallo/client';
import { useTranslations } from 'next-intl';
import { cn } from '@/ui/cn';

const DOTS = { connecting: 'bg-control', live: 'bg-accent-strong', reconnecting: 'bg-warn animate-pulse' };

/** Of this page's connection only: the training goes on whether or not anybody watches. */
export function LinkStateDot({ state }: { state: State }) {
  const t = useTranslations('run.link');
  return (
    <span
      role="status"
      data-testid="link-state"
      data-state={state}
      title={t(`${state}Hint`)}
      className="flex shrink-0 items-center gap-1.5 text-muted text-xs"
    >
      <span aria-hidden className={cn('size-1.5 rounded-full', DOTS[state])} />
      {t(state)}
    </span>
  );
}
