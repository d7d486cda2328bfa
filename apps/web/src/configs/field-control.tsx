'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Select } from '@/ui/select';
import { controlOf, type FieldName, type FieldValue, type Invalid, readNumber } from './field-value';
import { useValueText } from './use-value-text';

export const QUIET_CONTROL =
  'h-7.5 border-line bg-transparent px-2 shadow-none hover:border-control disabled:border-transparent disabled:opacity-100';

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
  const textOf = useValueText();
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
  const values: FieldValue[] = control.type === 'switch' ? [true, false] : (control.options as FieldValue[]);
  const options = values.map((option) => ({ value: String(option), label: textOf(option) }));
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

function invalidOf(read: ReturnType<typeof readNumber>): Invalid | null {
  return 'invalid' in read ? read.invalid : null;
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
    explain(invalidOf(read));
    if ('value' in read && read.value !== value) onChange(read.value);
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
        onChange={(event) => {
          setText(event.target.value);
          // What was wrong is looked at again at once; what is being typed for the first time is not.
          if (invalid) explain(invalidOf(readNumber(name, event.target.value)));
        }}
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
