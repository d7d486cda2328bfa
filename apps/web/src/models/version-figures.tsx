'use client';

import type { ModelVersion } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Card } from '@/ui/card';
import { cn } from '@/ui/cn';
import { useMainFigure } from './use-main-figure';

/** The figures by which a version is judged. */
export function VersionFigures({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.figures');
  const format = useFormat();
  const mainFigureOf = useMainFigure();
  const { result, taskType } = version;
  const main = mainFigureOf(taskType, version);
  const { val_loss: loss, macro_f1: macroF1 } = version.metrics;
  const known = [
    { label: main?.label ?? t('accuracy'), value: main?.text ?? null },
    { label: t('macroF1'), value: macroF1 === undefined ? null : format.percent(macroF1) },
    { label: t('loss'), value: loss === undefined ? null : format.number(loss) },
    { label: t('bestEpoch'), value: result && t('of', { value: result.bestEpoch, total: result.epochsDone }) },
    { label: t('duration'), value: result && format.duration(result.durationSeconds) },
    { label: t('onnx'), value: result?.onnxMaxDifference.toExponential(1) ?? null },
  ];
  // Of a training each figure is expected; of uploaded files only what was said.
  const figures = result ? known : known.filter(({ value }) => value !== null);
  if (figures.length === 0) return null;
  return (
    <Card>
      <dl
        className={cn(
          'grid gap-px overflow-hidden rounded-xl bg-line',
          result ? 'grid-cols-2 sm:grid-cols-3 lg:grid-cols-6' : 'grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]',
        )}
      >
        {figures.map(({ label, value }) => (
          <div key={label} className="grid content-start gap-0.5 bg-surface px-4 py-3">
            <dt className="text-muted text-xs">{label}</dt>
            <dd className="tabular font-semibold text-xl tracking-tight">{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
