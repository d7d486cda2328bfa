'use client';

import { ENDED_STATUSES, type RunStatus } from '@mallo/contracts';
import { Ban, CircleCheck, CircleX, Clock, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge, type Tone } from '@/ui/badge';
import { cn } from '@/ui/cn';

const LOOKS = {
  queued: { tone: 'neutral', icon: Clock },
  running: { tone: 'accent', icon: LoaderCircle },
  cancelling: { tone: 'warn', icon: LoaderCircle },
  completed: { tone: 'ok', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
  cancelled: { tone: 'neutral', icon: Ban },
} as const satisfies Record<RunStatus, { tone: Tone; icon: typeof Clock }>;

export function isActive(status: RunStatus): boolean {
  return !ENDED_STATUSES.includes(status);
}

export function RunStatusBadge({ status, testId }: { status: RunStatus; testId?: string }) {
  const t = useTranslations('run.status');
  const { tone, icon: Icon } = LOOKS[status];
  return (
    <Badge tone={tone} data-testid={testId} data-status={status}>
      <Icon aria-hidden className={cn(Icon === LoaderCircle && 'animate-spin')} />
      {t(status)}
    </Badge>
  );
}
