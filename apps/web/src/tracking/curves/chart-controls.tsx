'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { Segmented } from '@/ui/segmented';
import { Slider } from '@/ui/slider';
import { AXES, type ChartView, type ChartViewChange } from './chart-view';

const STRONGEST = 0.99;

/** How all charts of the page are shown. */
export function ChartControls({ view, change }: { view: ChartView; change: ChartViewChange }) {
  const t = useTranslations('charts.controls');
  return (
    <fieldset aria-label={t('label')} className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
      <Segmented
        label={t('axis')}
        value={view.axis}
        onValueChange={(axis) => change({ axis }, 'replace')}
        options={AXES.map((value) => ({ value, label: t(`axes.${value}`) }))}
      />
      <div className="w-52">
        <Slider
          label={t('smoothing')}
          value={view.smoothing}
          max={STRONGEST}
          text={view.smoothing.toFixed(2)}
          onChange={(smoothing) => change({ smoothing }, 'replace')}
        />
      </div>
      <div className="flex gap-1">
        {(['isLogX', 'isLogY'] as const).map((name) => (
          <Button
            key={name}
            size="sm"
            variant="ghost"
            aria-pressed={view[name]}
            disabled={name === 'isLogX' && view.axis === 'clock'}
            onClick={() => change({ [name]: !view[name] }, 'replace')}
          >
            {t(name)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
