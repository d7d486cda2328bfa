'use client';

import { useTranslations } from 'next-intl';
import { type ChangeEventHandler, useState } from 'react';
import { Field } from '@/ui/field';
import { TextArea } from '@/ui/text-area';
import { type DraftProblem, readMetrics } from './registration-draft';

type MetricsFieldProps = {
  value: string;
  onChange: ChangeEventHandler<HTMLTextAreaElement>;
  problem: DraftProblem | undefined;
  /** The problem in words. */
  error: string | null;
  isPressed: boolean;
};

/** Metrics as JSON, checked while they are typed. */
export function MetricsField({ value, onChange, problem, error, isPressed }: MetricsFieldProps) {
  const t = useTranslations('models.register');
  const [wasLeft, setLeft] = useState(false);
  // JSON that is half typed is never JSON, and no reason to scold.
  const isUnfinished = problem?.key === 'metricsSyntax' && !wasLeft && !isPressed;
  const read = readMetrics(value);
  const count = 'metrics' in read ? Object.keys(read.metrics).length : 0;
  const hint = isUnfinished ? error : count > 0 && !problem ? t('metricsFound', { count }) : t('metricsHint');
  return (
    <Field label={t('metrics')} hint={hint ?? undefined} error={isUnfinished ? null : error}>
      {(control) => (
        <TextArea
          {...control}
          value={value}
          onChange={onChange}
          onFocus={() => setLeft(false)}
          onBlur={() => setLeft(true)}
          placeholder={t('metricsExample')}
          spellCheck={false}
          className="font-mono text-sm"
        />
      )}
    </Field>
  );
}
