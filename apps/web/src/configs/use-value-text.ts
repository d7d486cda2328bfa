'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import type { FieldValue } from './field-value';

type Choice = 'none';

/** A value of a config as the page says it. */
export function useValueText(): (value: FieldValue) => string {
  const t = useTranslations('config');
  const format = useFormat();
  return (value) => {
    if (value === null) return t('none');
    if (typeof value === 'boolean') return t(`switch.${value}`);
    if (typeof value === 'number') return format.small(value);
    // A choice that is newer than the catalogue is shown by its own name.
    return t.has(`choices.${value as Choice}`) ? t(`choices.${value as Choice}`) : value;
  };
}
