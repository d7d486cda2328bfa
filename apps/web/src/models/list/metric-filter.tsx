'use client';

import { METRIC_CONDITION } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { FilterTrigger } from '@/ui/filter-menu';
import { Popover } from '@/ui/popover';

type MetricFilterProps = {
  /** Figures that models have. */
  names: string[];
  onAdd: (conditions: string[]) => void;
};

/** A figure that must lie between two ends, either of which may be left open. */
export function MetricFilter({ names, onAdd }: MetricFilterProps) {
  const t = useTranslations('models.filters');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const conditions = conditionsOf(
      String(data.get('name')).trim(),
      String(data.get('min')).trim(),
      String(data.get('max')).trim(),
    );
    if (conditions.length === 0) return;
    onAdd(conditions);
    setOpen(false);
  };
  return (
    <Popover
      label={t('metric')}
      open={open}
      onOpenChange={setOpen}
      className="w-72 p-3"
      trigger={<FilterTrigger label={t('metric')} />}
    >
      <form onSubmit={submit} className="grid gap-3">
        <Field label={t('metricName')}>
          {(control) => (
            <Input
              {...control}
              name="name"
              list={id}
              required
              maxLength={250}
              pattern="[^<>=]+"
              defaultValue="val_accuracy"
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
        <div className="grid grid-cols-2 gap-2">
          {(['min', 'max'] as const).map((end) => (
            <Field key={end} label={common(end === 'min' ? 'from' : 'to')}>
              {(control) => <Input {...control} name={end} type="number" step="any" inputMode="decimal" />}
            </Field>
          ))}
        </div>
        <Button size="sm" type="submit" variant="primary" className="justify-self-end">
          {common('apply')}
        </Button>
      </form>
    </Popover>
  );
}

/** The ends of a range as the api takes them: `val_accuracy>=0.9`, `val_accuracy<=1`. */
function conditionsOf(name: string, min: string, max: string): string[] {
  return [...(min ? [`${name}>=${min}`] : []), ...(max ? [`${name}<=${max}`] : [])].filter((condition) =>
    METRIC_CONDITION.test(condition),
  );
}
