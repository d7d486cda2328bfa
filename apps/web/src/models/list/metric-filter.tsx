'use client';

import { METRIC_CONDITION } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Field, SuggestedInput } from '@/ui/field';
import { FilterForm } from '@/ui/filter-form';
import { RangeEnds } from '@/ui/filter-range';

type MetricFilterProps = {
  /** Figures that models have. */
  names: string[];
  onAdd: (conditions: string[]) => void;
};

/** A figure that must lie between two ends, either of which may be left open. */
export function MetricFilter({ names, onAdd }: MetricFilterProps) {
  const t = useTranslations('models.filters');
  const submit = (data: FormData) => {
    const text = (name: string) => String(data.get(name)).trim();
    const conditions = conditionsOf(text('name'), text('min'), text('max'));
    if (conditions.length === 0) return false;
    onAdd(conditions);
    return true;
  };
  return (
    <FilterForm label={t('metric')} className="w-72 p-3" onSubmit={submit}>
      <Field label={t('metricName')}>
        {(control) => (
          <SuggestedInput
            {...control}
            name="name"
            suggestions={names}
            required
            maxLength={250}
            pattern="[^<>=]+"
            defaultValue="val_accuracy"
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
      <RangeEnds />
    </FilterForm>
  );
}

/** The ends of a range as the api takes them: `val_accuracy>=0.9`, `val_accuracy<=1`. */
function conditionsOf(name: string, min: string, max: string): string[] {
  return [...(min ? [`${name}>=${min}`] : []), ...(max ? [`${name}<=${max}`] : [])].filter((condition) =>
    METRIC_CONDITION.test(condition),
  );
}
