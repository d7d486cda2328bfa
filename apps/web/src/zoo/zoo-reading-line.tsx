'use client';

import type { ZooReading } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Badge } from '@/ui/badge';
import { useZooText } from './use-zoo-text';

/** What a search in words was understood as, so that one sees why these models come first. */
export function ZooReadingLine({ reading }: { reading: ZooReading | null }) {
  const t = useTranslations('zoo');
  const task = useTranslations('config.tasks');
  const text = useZooText();
  if (!reading) return null;
  const { name, taskType, source, maxParamsM, wishes } = reading;
  const parts = [
    name,
    taskType && task(taskType),
    source && text.source(source),
    maxParamsM !== undefined && t('atMost', { params: text.params(maxParamsM) }),
    ...wishes.map((wish) => t(`wishes.${wish}`)),
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-1.5 text-muted text-sm">
      {t('understood')}
      {parts.map((part) => (
        <Badge key={part} tone="accent">
          {part}
        </Badge>
      ))}
    </p>
  );
}
