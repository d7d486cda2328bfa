'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button } from './button';
import { Field, Input } from './field';
import { FilterTrigger } from './filter-menu';
import { Popover } from './popover';

/** Both ends belong to it; null is open. */
export type Range = { min: number | null; max: number | null };

type FilterRangeProps = {
  label: string;
  /** Such as "M"; said beside the ends. */
  unit?: string;
  value: Range;
  onChange: (range: Range) => void;
};

/** Between two numbers, either of which may be left open. */
export function FilterRange({ label, unit = '', value, onChange }: FilterRangeProps) {
  const t = useTranslations('common');
  const [open, setOpen] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onChange({ min: numberOf(data.get('min')), max: numberOf(data.get('max')) });
    setOpen(false);
  };
  return (
    <Popover
      label={label}
      open={open}
      onOpenChange={setOpen}
      className="w-60 p-3"
      trigger={<FilterTrigger label={label} value={rangeText(value, unit)} />}
    >
      <form onSubmit={submit} className="grid gap-3">
        <div className="grid grid-cols-2 gap-2">
          {(['min', 'max'] as const).map((end) => (
            <Field key={end} label={`${t(end === 'min' ? 'from' : 'to')}${unit && ` (${unit})`}`}>
              {(control) => (
                <Input
                  {...control}
                  name={end}
                  type="number"
                  step="any"
                  inputMode="decimal"
                  defaultValue={value[end] ?? ''}
                />
              )}
            </Field>
          ))}
        </div>
        <div className="flex justify-end gap-2">
          {(value.min !== null || value.max !== null) && (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                onChange({ min: null, max: null });
                setOpen(false);
              }}
            >
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

/** "0.9–1", "≥ 0.9", "≤ 5M"; undefined where both ends are open. */
export function rangeText({ min, max }: Range, unit = ''): string | undefined {
  if (min !== null && max !== null) return `${min}–${max}${unit}`;
  if (min !== null) return `≥ ${min}${unit}`;
  return max === null ? undefined : `≤ ${max}${unit}`;
}

function numberOf(text: FormDataEntryValue | null): number | null {
  const value = Number(text);
  return text === null || String(text).trim() === '' || !Number.isFinite(value) ? null : value;
}
