'use client';

import type { ZooDetails } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CartesianGrid, LabelList, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormat } from '@/format/use-format';
import { Segmented } from '@/ui/segmented';
import { useZooText } from '../use-zoo-text';
import { METRIC_NAMES } from '../zoo-names';
import { measureOf } from './compare-table';

const COSTS = ['gflops', 'paramsM', 'trainingMemoryBytes'] as const;
type Cost = (typeof COSTS)[number];

/** How good each model is for what it costs: up and to the left is better. The cost grows by powers. */
export function CostPlot({ models }: { models: ZooDetails[] }) {
  const t = useTranslations('zoo.compare');
  const format = useFormat();
  const text = useZooText();
  const [cost, setCost] = useState<Cost>('gflops');
  const { points, leftOut, measure } = pointsOf(models, cost);
  const costText = (value: number) =>
    cost === 'gflops' ? text.gmacs(value) : cost === 'paramsM' ? text.params(value) : text.bytes(value);
  return (
    <div className="grid grid-cols-1 gap-3 p-4">
      <div>
        <Segmented
          label={t('cost')}
          value={cost}
          onValueChange={setCost}
          options={COSTS.map((value) => ({ value, label: t(`costs.${value}`) }))}
        />
      </div>
      {measure === null ? (
        <p className="py-8 text-center text-muted">{t('nothingToPlot')}</p>
      ) : (
        <figure className="min-w-0">
          <figcaption className="mb-1 text-muted text-xs">
            {t('accuracyOf', { metric: METRIC_NAMES[measure.metric], dataset: measure.dataset })}
          </figcaption>
          <div
            role="img"
            aria-label={points
              .map(({ name, x, y }) => t('point', { name, cost: costText(x), accuracy: format.number(y, 4) }))
              .join('; ')}
            className="h-72"
          >
            <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 288 }}>
              <ScatterChart accessibilityLayer={false} margin={{ top: 16, right: 48, bottom: 4, left: 0 }}>
                <CartesianGrid stroke="var(--line)" />
                <XAxis
                  type="number"
                  dataKey="x"
                  scale="log"
                  domain={spread(points.map(({ x }) => x))}
                  tickFormatter={costText}
                  tick={{ fill: 'var(--muted)', fontSize: 11 }}
                  tickLine={false}
                  axisLine={false}
                />
                <YAxis
                  type="number"
                  dataKey="y"
                  width={44}
                  domain={['dataMin - 1', 'dataMax + 1']}
                  tickFormatter={(value: number) => `${format.number(value)}%`}
                  tick={{ fill: 'var(--muted)', fontSize: 11 }}
                  tickLine={false}
                  axisLine={false}
                />
                <Tooltip
                  isAnimationActive={false}
                  cursor={false}
                  content={({ active, payload }) => {
                    const point = payload?.[0]?.payload as Point | undefined;
                    return active && point ? (
                      <div className="tabular grid gap-0.5 rounded-lg border bg-raised px-2.5 py-1.5 text-xs shadow-high">
                        <p className="font-semibold">{point.name}</p>
                        <p>{t('point', { name: '', cost: costText(point.x), accuracy: format.number(point.y, 4) })}</p>
                      </div>
                    ) : null;
                  }}
                />
                <Scatter data={points} fill="var(--series-val)" isAnimationActive={false}>
                  <LabelList dataKey="name" position="top" fontSize={11} fill="var(--fg)" />
                </Scatter>
              </ScatterChart>
            </ResponsiveContainer>
          </div>
        </figure>
      )}
      {leftOut.length > 0 && measure !== null && (
        <p className="text-muted text-sm">{t('leftOut', { names: leftOut.join(', ') })}</p>
      )}
    </div>
  );
}

type Point = { name: string; x: number; y: number };

/** Only what was measured alike can stand in one plot: the measure that most models have. */
export function pointsOf(models: ZooDetails[], cost: Cost) {
  const measured = models.flatMap((model) =>
    model.accuracy && model[cost] ? [{ model, accuracy: model.accuracy, x: model[cost] }] : [],
  );
  const groups = Map.groupBy(measured, ({ accuracy }) => measureOf(accuracy));
  const [most = []] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const points: Point[] = most.map(({ model, accuracy, x }) => ({ name: model.name, x, y: accuracy.value }));
  const shown = new Set(most.map(({ model }) => model.key));
  const leftOut = models.filter(({ key }) => !shown.has(key)).map(({ name }) => name);
  return { points, leftOut, measure: most[0]?.accuracy ?? null };
}

/** Room on both sides of the outermost points, on an axis of powers. */
function spread(values: number[]): [number, number] {
  return [Math.min(...values) / 1.6, Math.max(...values) * 1.6];
}
