'use client';

import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import { CheckBox } from './check-box';
import { cn } from './cn';
import { Input } from './field';
import { Popover } from './popover';

/** From so many choices on they can be searched. */
const MANY = 10;

/** The button of a filter: its name, and what it is set to. */
export function FilterTrigger({
  label,
  value,
  ...props
}: ComponentProps<'button'> & { label: string; value?: string }) {
  return (
    <button
      type="button"
      {...props}
      className={cn(
        'inline-flex h-8 max-w-full items-center gap-1.5 rounded-lg border border-line-strong bg-surface px-2.5 font-medium text-muted text-sm shadow-low transition-colors hover:border-control hover:text-fg',
        value && 'border-accent-line bg-accent-soft text-accent hover:text-accent',
      )}
    >
      <span className="truncate">
        {label}
        {value && <span className="font-semibold">: {value}</span>}
      </span>
      <ChevronDown aria-hidden className="size-3.5 shrink-0" />
    </button>
  );
}

export type FilterOption = { value: string; label: string; count?: number };

type FilterMenuProps = {
  label: string;
  options: FilterOption[];
  values: string[];
  onChange: (values: string[]) => void;
  /** Only one may be chosen; choosing it again chooses none. */
  single?: boolean;
  children?: ReactNode;
};

/** Any of several choices; none chosen is all of them. */
export function FilterMenu({ label, options, values, onChange, single = false, children }: FilterMenuProps) {
  const t = useTranslations('common');
  const [sought, setSought] = useState('');
  const id = useId();
  const labelOf = (value: string) => options.find((option) => option.value === value)?.label ?? value;
  const [first] = values;
  const shown = options.filter(({ label: text }) => text.toLowerCase().includes(sought.toLowerCase()));
  const toggle = (value: string) => {
    const others = single ? [] : values.filter((one) => one !== value);
    onChange(values.includes(value) ? values.filter((one) => one !== value) : [...others, value]);
  };
  return (
    <Popover
      label={label}
      className="w-60"
      onOpenChange={() => setSought('')}
      trigger={
        <FilterTrigger
          label={label}
          value={
            first === undefined
              ? undefined
              : values.length === 1
                ? labelOf(first)
                : t('selected', { count: values.length })
          }
        />
      }
    >
      {options.length > MANY && (
        <div className="p-1">
          <Input
            aria-label={label}
            value={sought}
            onChange={(event) => setSought(event.target.value)}
            className="h-8"
            autoComplete="off"
          />
        </div>
      )}
      <ul aria-label={label} className="max-h-72 overflow-y-auto">
        {shown.map(({ value, label: text, count }) => (
          <li key={value}>
            <label
              htmlFor={`${id}-${value}`}
              className="flex min-h-8.5 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 hover:bg-hover has-focus-visible:bg-hover"
            >
              <CheckBox id={`${id}-${value}`} checked={values.includes(value)} onChange={() => toggle(value)} />
              <span className="min-w-0 flex-1 truncate">{text}</span>{' '}
              {count !== undefined && <span className="tabular text-muted text-xs">{count}</span>}
            </label>
          </li>
        ))}
      </ul>
      {children}
      {values.length > 0 && (
        <button
          type="button"
          onClick={() => onChange([])}
          className="mt-1 h-8 w-full rounded-lg border-t text-muted text-sm hover:bg-hover hover:text-fg"
        >
          {t('clear')}
        </button>
      )}
    </Popover>
  );
}
