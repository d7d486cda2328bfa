'use client';

import type { CurvePoint, RunView } from '@mallo/client';
import { Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Mark } from '@/charts/drawn-curve';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { BATCH_CURVE, epochOf, latestValue, shareSpan } from './curve-points';
import { EpochTable } from './epoch-table';
import { PointNote } from './point-note';
import { RunChart, type Series } from './run-chart';
import { findPoint, type RunPoint } from './run-point';

const CHART_HEIGHT = 168;

type TrainingCurvesProps = {
  curves: RunView['curves'];
  epochs: number;
  batches: number;
  /** The one an answer speaks of. */
  point?: RunPoint;
  onForgetPoint?: () => void;
};

/** Loss and accuracy as they come, or the same figures as a table. */
export function TrainingCurves({ curves, epochs, batches, point, onForgetPoint }: TrainingCurvesProps) {
  const t = useTranslations('run.curves');
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const latest = (key: string, show: (value: number) => string) => {
    const value = latestValue(curves, key);
    return value === null ? undefined : show(value);
  };
  const loss = (value: number) => format.number(value, 3);
  const accuracy = (value: number) => format.percent(value, 1);
  const found = point && findPoint(curves, point);
  const markOf = (series: Series[]): Mark | null => {
    const y = found?.[1];
    if (!point || !found || typeof y !== 'number' || !series.some(({ key }) => key === point.key)) return null;
    return { x: epochOf(found, point.key, batches), y };
  };
  const axis = {
    curves,
    height: CHART_HEIGHT,
    axisKind: 'number' as const,
    xOf: (of: CurvePoint, key: string) => epochOf(of, key, batches),
    whole: [0, Math.max(1, epochs)] as const,
    textOfX: (ticks: readonly number[]) => ticks.map(format.whole),
    nameOfX: (epoch: number) => t('at', { epoch: format.number(epoch) }),
    // The epochs stand in a table of their own.
    hasTable: false,
  };
  const lossSeries = [
    ...(BATCH_CURVE in curves ? [{ key: BATCH_CURVE, label: t('batchLoss'), color: 'var(--series-batch)' }] : []),
    {
      key: 'train_loss',
      label: t('train'),
      color: 'var(--series-train)',
      isDashed: true,
      latest: latest('train_loss', loss),
    },
    { key: 'val_loss', label: t('validation'), color: 'var(--series-val)', latest: latest('val_loss', loss) },
  ];
  const accuracySeries = [
    {
      key: 'train_accuracy',
      label: t('train'),
      color: 'var(--series-train)',
      isDashed: true,
      latest: latest('train_accuracy', accuracy),
    },
    {
      key: 'val_accuracy',
      label: t('validation'),
      color: 'var(--series-val)',
      latest: latest('val_accuracy', accuracy),
    },
  ];
  const shares = accuracySeries.flatMap(({ key }) => (curves[key] ?? []).map(([, value]) => Number(value)));
  return (
    <section aria-label={t('title')} className="grid grid-cols-1 gap-4">
      <div className="flex items-center justify-between">
        <h3 className="font-semibold">{t('title')}</h3>
        <Button size="sm" variant="ghost" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Table2 aria-hidden />
          {t('asTable')}
        </Button>
      </div>
      {point && <PointNote point={point} value={found?.[1]} onForget={onForgetPoint} />}
      {asTable ? (
        <EpochTable curves={curves} markedEpoch={point && point.key !== BATCH_CURVE ? point.step : undefined} />
      ) : (
        <>
          <RunChart
            {...axis}
            title={t('loss')}
            summary={t('lossSummary', {
              train: latest('train_loss', loss) ?? t('nothingYet'),
              validation: latest('val_loss', loss) ?? t('nothingYet'),
            })}
            mark={markOf(lossSeries)}
            series={lossSeries}
            textOfY={loss}
            tickOfY={(value) => format.number(value, 2)}
          />
          <RunChart
            {...axis}
            title={t('accuracy')}
            summary={t('accuracySummary', {
              train: latest('train_accuracy', accuracy) ?? t('nothingYet'),
              validation: latest('val_accuracy', accuracy) ?? t('nothingYet'),
            })}
            mark={markOf(accuracySeries)}
            series={accuracySeries}
            textOfY={accuracy}
            tickOfY={(value) => format.percent(value, 0)}
            heights={shareSpan(shares)}
          />
        </>
      )}
    </section>
  );
}
