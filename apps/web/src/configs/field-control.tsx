'use client';

import type { Hyperparameters } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Select } from '@/ui/select';
import { controlOf, type FieldName, type Invalid, readNumber } from './field-value';

export const QUIET_CONTROL =
  'h-7.5 border-line bg-transparent px-2 shadow-none hover:border-control disabled:border-transparent disabled:opacity-100';

export type FieldValue = Hyperparameters[FieldName] | null;

type FieldControlProps = {
  name: FieldName;
  value: FieldValue;
  disabled: boolean;
  onChange: (value: FieldValue) => void;
  onInvalid: (invalid: boolean) => void;
};

/** One value of a config, changed where it stands. A number is taken with Enter or on leaving, Escape takes it back. */
export function FieldControl({ name, value, disabled, onChange, onInvalid }: FieldControlProps) {
  const t = useTranslations('config');
  const control = controlOf(name);
  const label = t(`fields.${name}`);
  if (control.type === 'number') {
    return (
      <NumberControl
        key={String(value)}
        name={name}
        value={value as number | null}
        disabled={disabled}
        onChange={onChange}
        onInvalid={onInvalid}
      />
    );
  }
  const options =
    control.type === 'switch'
      ? (['true', 'false'] as const).map((option) => ({ value: option, label: t(`switch.${option}`) }))
      : control.options.map((option) => ({
          value: option,
          label: t.has(`choices.${option}` as 'choices.none') ? t(`choices.${option}` as 'choices.none') : option,
        }));
  return (
    <Select
      label={label}
      className={QUIET_CONTROL}
      disabled={disabled}
      value={String(value)}
      onValueChange={(next) => onChange((control.type === 'switch' ? next === 'true' : next) as FieldValue)}
      options={options}
    />
  );
}

type NumberControlProps = Omit<FieldControlProps, 'value'> & { value: number | null };

function NumberControl({ name, value, disabled, onChange, onInvalid }: NumberControlProps) {
  const t = useTranslations('config');
  const format = useFormat();
  const shown = value === null ? '' : String(value);
  const [text, setText] = useState(shown);
  const [invalid, setInvalid] = useState<Invalid | null>(null);
  const noteId = `${name}-note`;

  const explain = (problem: Invalid | null) => {
    setInvalid(problem);
    onInvalid(problem !== null);
  };
  const commit = () => {
    const read = readNumber(name, text);
    if ('invalid' in read) return explain(read.invalid);
    explain(null);
    if (read.value !== value) onChange(read.value);
  };
  return (
    <div>
      <input
        aria-label={t(`fields.${name}`)}
        aria-invalid={invalid !== null}
        aria-describedby={invalid ? noteId : undefined}
        inputMode="decimal"
        autoComplete="off"
        placeholder={t('none')}
        disabled={disabled}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') {
            setText(shown);
            explain(null);
          }
        }}
        className="tabular h-7.5 w-full rounded-lg border border-line bg-transparent px-2 font-medium transition-colors hover:border-control disabled:border-transparent aria-invalid:border-danger"
      />
      {invalid && (
        <p id={noteId} role="alert" className="px-2 pb-1 text-danger text-sm">
          {'limit' in invalid
            ? t(`invalid.${invalid.reason}`, { limit: format.whole(invalid.limit) })
            : t(`invalid.${invalid.reason}`)}
        </p>
      )}
    </div>
  );
}
