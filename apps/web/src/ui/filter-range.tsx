'use client';

import { useTranslations } from 'next-intl';
import { Field, Input } from './field';
import { FilterForm } from './filter-form';

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
  const isSet = value.min !== null || value.max !== null;
  return (
    <FilterForm
      label={label}
      value={rangeText(value, unit)}
      className="w-60 p-3"
      onSubmit={(data) => {
        onChange({ min: numberOf(data.get('min')), max: numberOf(data.get('max')) });
        return true;
      }}
      onClear={isSet ? () => onChange({ min: null, max: null }) : undefined}
    >
      <RangeEnds unit={unit} value={value} />
    </FilterForm>
  );
}

/** The fields `min` and `max` of a form. */
export function RangeEnds({ unit = '', value }: { unit?: string; value?: Range }) {
  const t = useTranslations('common');
  return (
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
              defaultValue={value?.[end] ?? ''}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** "0.9–1", "≥ 0.9", "≤ 5M"; undefined where both ends are open. */
function rangeText({ min, max }: Range, unit = ''): string | undefined {
  if (min !== null && max !== null) return `${min}–${max}${unit}`;
  if (min !== null) return `≥ ${min}${unit}`;
  return max === null ? undefined : `≤ ${max}${unit}`;
}

function numberOf(text: FormDataEntryValue | null): number | null {
  const value = Number(text);
  return text === null || String(text).trim() === '' || !Number.isFinite(value) ? null : value;
}
