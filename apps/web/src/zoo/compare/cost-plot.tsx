'use client';

import type { ZooDetails } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { evenTicks, powerTicks } from '@/charts/power-ticks';
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
            className="tabular h-72 pt-5 pr-6 pb-6 pl-12 text-xs"
          >
            <Plane points={points} textOfX={costText} textOfY={(value) => `${format.number(value)}%`} />
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

type PlaneProps = { points: readonly Point[]; textOfX: (x: number) => string; textOfY: (y: number) => string };

/** A handful of points with their names, the cost on an axis of powers. */
function Plane({ points, textOfX, textOfY }: PlaneProps) {
  const [left, right] = spread(points.map(({ x }) => x));
  const accuracies = points.map(({ y }) => y);
  const [low, high] = [Math.min(...accuracies) - 1, Math.max(...accuracies) + 1];
  const atX = (x: number) => `${(100 * Math.log(x / left)) / Math.log(right / left)}%`;
  const atY = (y: number) => `${(100 * (y - low)) / (high - low)}%`;
  return (
    <div aria-hidden className="relative h-full">
      {evenTicks(low, high).map((y) => (
        <span key={y} className="absolute inset-x-0 border-t" style={{ bottom: atY(y) }}>
          <span className="absolute right-full -translate-y-1/2 whitespace-nowrap pr-2 text-muted">{textOfY(y)}</span>
        </span>
      ))}
      {powerTicks(left, right).map((x) => (
        <span key={x} className="absolute inset-y-0 border-l" style={{ left: atX(x) }}>
          <span className="absolute top-full -translate-x-1/2 whitespace-nowrap pt-1.5 text-muted">{textOfX(x)}</span>
        </span>
      ))}
      {points.map(({ name, x, y }) => (
        <span
          key={name}
          title={`${name}: ${textOfX(x)}, ${textOfY(y)}`}
          className="absolute size-2.5 -translate-x-1/2 translate-y-1/2 rounded-full bg-(--series-val) ring-2 ring-surface"
          style={{ left: atX(x), bottom: atY(y) }}
        >
          <span className="-translate-x-1/2 absolute bottom-full left-1/2 whitespace-nowrap pb-0.5">{name}</span>
        </span>
      ))}
    </div>
  );
}

/** Room on both sides of the outermost points, on an axis of powers. */
function spread(values: number[]): [number, number] {
  return [Math.min(...values) / 1.6, Math.max(...values) * 1.6];
}
