'use client';

import type { CurvePoint, RunView } from '@mallo/client';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { latestValue } from './curve-points';
import { RunChart } from './run-chart';

const CHART_HEIGHT = 96;

/** What is measured of the machine, by metric key; of graphics cards there may be any number. */
const MEASURES = [
  { pattern: /^system\/cpu_percent$/, name: 'cpu', unit: 'percent' },
  { pattern: /^system\/memory_bytes$/, name: 'memory', unit: 'bytes' },
  { pattern: /^system\/gpu(\d+)_percent$/, name: 'gpu', unit: 'percent' },
  { pattern: /^system\/gpu(\d+)_memory_bytes$/, name: 'gpuMemory', unit: 'bytes' },
] as const;

/** How busy the machine is, as the sidecar measures it. */
export function MachineCharts({ curves }: { curves: RunView['curves'] }) {
  const t = useTranslations('run.machine');
  const format = useFormat();
  const charts = MEASURES.flatMap(({ pattern, name, unit }) =>
    Object.keys(curves)
      .filter((key) => pattern.test(key))
      .map((key) => ({ key, unit, title: t(name, { index: pattern.exec(key)?.[1] ?? '' }) })),
  );
  if (charts.length === 0) return null;
  return (
    <section aria-label={t('title')} className="grid grid-cols-1 gap-3">
      <h3 className="font-semibold">{t('title')}</h3>
      <div className="grid grid-cols-2 gap-x-6 gap-y-4">
        {charts.map(({ key, unit, title }) => {
          const show = (value: number) => (unit === 'percent' ? format.percent(value / 100, 0) : format.bytes(value));
          const latest = latestValue(curves, key);
          const shown = latest === null ? '–' : show(latest);
          return (
            <RunChart
              key={key}
              title={title}
              summary={t('summary', { name: title, value: shown })}
              curves={curves}
              series={[{ key, label: t('now'), color: 'var(--series-val)', latest: shown }]}
              height={CHART_HEIGHT}
              axisKind="clock"
              xOf={([, , timeMs]) => timeMs}
              textOfX={(ticks) => ticks.map(format.clock)}
              nameOfX={format.clock}
              textOfY={show}
              tickOfY={show}
              heights={[0, unit === 'percent' ? 100 : 1.1 * most(curves[key] ?? [])]}
              hasTable={false}
            />
          );
        })}
      </div>
    </section>
  );
}

function most(points: readonly CurvePoint[]): number {
  return points.reduce((so, [, value]) => (typeof value === 'number' && value > so ? value : so), 1);
}
