'use client';

import type { Estimate } from '@mallo/contracts';
import { Coins, MemoryStick, Timer, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';

/** What a training will take: time, memory and, where an hour has a price, money; and how far off that was before. */
export function EstimateLines({ estimate }: { estimate: Estimate | null }) {
  const t = useTranslations('config.estimate');
  const format = useFormat();
  if (!estimate) {
    return (
      <p className="flex items-center gap-1.5">
        <Timer aria-hidden className="size-3.5 shrink-0 text-muted" />
        {t('none')}
      </p>
    );
  }
  const { seconds, basis, pastError, memory, cost } = estimate;
  const isShort = memory !== null && memory.neededBytes > memory.availableBytes;
  return (
    <ul aria-label={t('title')} className="grid gap-1 [&_svg]:mt-[3px] [&_svg]:size-3.5 [&_svg]:shrink-0">
      <li className="flex items-start gap-1.5">
        <Timer aria-hidden className="text-muted" />
        <span>
          {seconds === null ? t('none') : t(basis, { duration: format.duration(seconds) })}
          {pastError && (
            <span className="text-muted">
              {' '}
              {t('pastError', { count: pastError.runs, share: format.percent(pastError.median, 0) })}
            </span>
          )}
        </span>
      </li>
      {memory && (
        <li className={isShort ? 'flex items-start gap-1.5 text-danger' : 'flex items-start gap-1.5'}>
          {isShort ? <TriangleAlert aria-hidden /> : <MemoryStick aria-hidden className="text-muted" />}
          <span className={isShort ? 'font-medium' : undefined}>
            {t(isShort ? 'memoryShort' : 'memory', {
              device: t(`devices.${memory.device}`),
              needed: format.bytes(memory.neededBytes),
              available: format.bytes(memory.availableBytes),
            })}
          </span>
        </li>
      )}
      {cost && (
        <li className="flex items-start gap-1.5">
          <Coins aria-hidden className="text-muted" />
          {t('cost', { amount: format.money(cost.amount, cost.currency) })}
        </li>
      )}
    </ul>
  );
}
