'use client';

import type { ModelVersion } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Card } from '@/ui/card';

/** The figures by which a version is judged. */
export function VersionFigures({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.figures');
  const format = useFormat();
  const { result, valAccuracy } = version;
  const { val_loss: loss, macro_f1: macroF1 } = version.metrics;
  const figures = [
    { label: t('accuracy'), value: valAccuracy === null ? '–' : format.percent(valAccuracy) },
    { label: t('macroF1'), value: macroF1 === undefined ? '–' : format.percent(macroF1) },
    { label: t('loss'), value: loss === undefined ? '–' : format.number(loss) },
    { label: t('bestEpoch'), value: result ? t('of', { value: result.bestEpoch, total: result.epochsDone }) : '–' },
    { label: t('duration'), value: result ? format.duration(result.durationSeconds) : '–' },
    { label: t('onnx'), value: result?.onnxMaxDifference.toExponential(1) ?? '–' },
  ];
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl bg-line sm:grid-cols-3 lg:grid-cols-6">
        {figures.map(({ label, value }) => (
          <div key={label} className="grid content-start gap-0.5 bg-surface px-4 py-3">
            <dt className="text-muted text-xs">{label}</dt>
            <dd className="tabular font-semibold text-xl tracking-tight">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
