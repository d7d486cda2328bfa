'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { BATCH_CURVE } from './curve-points';
import type { RunPoint } from './run-point';

type Known = 'loss' | 'train_loss' | 'val_loss' | 'train_accuracy' | 'val_accuracy';

/** What a curve and a place on it are called on the page; a curve the page does not know keeps its own name. */
export function useCurveWords(): { nameOf: (key: string) => string; placeOf: (point: RunPoint) => string } {
  const t = useTranslations('run.curves');
  const format = useFormat();
  return {
    nameOf: (key) => (t.has(`names.${key as Known}`) ? t(`names.${key as Known}`) : key),
    placeOf: ({ key, step }) =>
      key === BATCH_CURVE ? t('atBatch', { step: format.whole(step) }) : t('at', { epoch: format.whole(step) }),
  };
}
