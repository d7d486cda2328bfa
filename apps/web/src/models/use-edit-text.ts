'use client';

import { useTranslations } from 'next-intl';
import { useValueText } from '@/configs/use-value-text';

const FIELDS = { 'model.name': 'model', dataset: 'dataset' } as const;
type Field = 'model';

/** A change by hand (`hyperparameters.epochs: 20 → 5`) in the words of the page. */
export function useEditText(): (edit: string) => string {
  const t = useTranslations('config.fields');
  const textOf = useValueText();
  const valueText = (value: string) => {
    if (value === 'null') return textOf(null);
    return value === 'true' || value === 'false' ? textOf(value === 'true') : textOf(value as 'none');
  };
  return (edit) => {
    const [, path, values] = /^([\w.]+): (.*)$/s.exec(edit) ?? [];
    if (path === undefined || values === undefined) return edit;
    const field = path in FIELDS ? FIELDS[path as keyof typeof FIELDS] : path.replace('hyperparameters.', '');
    if (!t.has(field as Field)) return edit;
    return `${t(field as Field)}: ${values.split(' → ').map(valueText).join(' → ')}`;
  };
}
