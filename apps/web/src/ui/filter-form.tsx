'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button';
import { FilterTrigger } from './filter-menu';
import { Popover } from './popover';

type FilterFormProps = {
  label: string;
  /** What the filter is set to, said on its button. */
  value?: string;
  /** The fields to fill in. */
  children: ReactNode;
  /** Takes what was entered; false: it is not to be taken, and the form stays. */
  onSubmit: (data: FormData) => boolean;
  /** Given where there is something to clear. */
  onClear?: () => void;
  className: string;
};

/** A filter that is entered rather than chosen. */
export function FilterForm({ label, value, children, onSubmit, onClear, className }: FilterFormProps) {
  const t = useTranslations('common');
  const [open, setOpen] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (onSubmit(new FormData(event.currentTarget))) setOpen(false);
  };
  const clear = () => {
    onClear?.();
    setOpen(false);
  };
  return (
    <Popover
      label={label}
      open={open}
      onOpenChange={setOpen}
      className={className}
      trigger={<FilterTrigger label={label} value={value} />}
    >
      <form onSubmit={submit} className="grid gap-3">
        {children}
        <div className="flex justify-end gap-2">
          {onClear && (
            <Button size="sm" variant="ghost" onClick={clear}>
              {t('clear')}
            </Button>
          )}
          <Button size="sm" type="submit" variant="primary">
            {t('apply')}
          </Button>
        </div>
      </form>
    </Popover>
  );
}
