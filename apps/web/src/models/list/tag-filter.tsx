'use client';

import { TAG_CONDITION } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Field, SuggestedInput } from '@/ui/field';
import { FilterForm } from '@/ui/filter-form';

type TagFilterProps = {
  /** Keys that models have. */
  names: string[];
  onAdd: (condition: string) => void;
};

/** A tag that must be there, with a value or without. */
export function TagFilter({ names, onAdd }: TagFilterProps) {
  const t = useTranslations('models.filters');
  const submit = (data: FormData) => {
    const text = String(data.get('condition')).trim();
    if (!TAG_CONDITION.test(text)) return false;
    onAdd(text);
    return true;
  };
  return (
    <FilterForm label={t('tag')} className="w-64 p-3" onSubmit={submit}>
      <Field label={t('tag')} hint={t('tagHint')}>
        {(control) => (
          <SuggestedInput
            {...control}
            name="condition"
            suggestions={names}
            required
            maxLength={250}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
    </FilterForm>
  );
}
