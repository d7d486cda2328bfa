'use client';

import type { CardOrigins } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { cn } from '@/ui/cn';
import { Tooltip } from '@/ui/tooltip';

const TONES = {
  message: 'bg-accent-soft text-accent',
  edited: 'bg-warn-soft text-warn',
  dataset: 'bg-hover text-fg',
  history: 'bg-hover text-fg',
  intent: 'bg-hover text-fg',
  default: 'text-muted',
} as const;

type OriginBadgeProps = {
  origin: CardOrigins[string] | undefined;
  /** The message that was understood. */
  message: string;
};

/** Where a value came from: the very words, the data, or a default with its reason. */
export function OriginBadge({ origin, message }: OriginBadgeProps) {
  const t = useTranslations('config.origins');
  if (!origin) return null;
  const quote = origin.kind === 'message' ? message.slice(...origin.span) : '';
  const label = quote ? t('quote', { quote }) : t(`${origin.kind}.label`);
  const reason = origin.kind === 'default' ? origin.reason : t(`${origin.kind}.text`);
  return (
    <Tooltip content={reason} side="left">
      <button
        type="button"
        aria-label={quote ? t('fromMessage', { quote }) : `${label}: ${reason}`}
        className={cn('max-w-full cursor-help truncate rounded-md px-1.5 py-0.5 text-left text-xs', TONES[origin.kind])}
      >
        {label}
      </button>
    </Tooltip>
  );
}
