'use client';

import { TAG_CONDITION } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { FilterTrigger } from '@/ui/filter-menu';
import { Popover } from '@/ui/popover';

type TagFilterProps = {
  /** Keys that models have. */
  names: string[];
  onAdd: (condition: string) => void;
};

/** A tag that must be there, with a value or without. */
export function TagFilter({ names, onAdd }: TagFilterProps) {
  const t = useTranslations('models.filters');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('condition')).trim();
    if (!TAG_CONDITION.test(text)) return;
    onAdd(text);
    setOpen(false);
  };
  return (
    <Popover
      label={t('tag')}
      open={open}
      onOpenChange={setOpen}
      className="w-64 p-3"
      trigger={<FilterTrigger label={t('tag')} />}
    >
      <form onSubmit={submit} className="grid gap-3">
        <Field label={t('tag')} hint={t('tagHint')}>
          {(control) => (
            <Input
              {...control}
              name="condition"
              list={id}
              required
              maxLength={250}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <datalist id={id}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button size="sm" type="submit" variant="primary" className="justify-self-end">
          {common('apply')}
        </Button>
      </form>
    </Popover>
  );
}
