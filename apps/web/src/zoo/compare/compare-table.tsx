'use client';

import type { ZooDetails } from '@mallo/contracts';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { cn } from '@/ui/cn';
import { ScrollRegion } from '@/ui/scroll-region';
import { TrainThis } from '../train-this';
import { UNKNOWN, useZooText } from '../use-zoo-text';

type CompareTableProps = {
  models: ZooDetails[];
  onOpen: (key: string) => void;
  onRemove: (key: string) => void;
};

type Row = {
  label: string;
  cell: (model: ZooDetails) => ReactNode;
  /** What is better when it is smaller or greater; rows without one have no best. */
  figure?: (model: ZooDetails) => number | null;
  better?: 'less' | 'more';
};

/** A column for each model; the best figure of a row stands out. */
export function CompareTable({ models, onOpen, onRemove }: CompareTableProps) {
  const t = useTranslations('zoo');
  const rows = useRows(models);
  return (
    <ScrollRegion label={t('compare.table')}>
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="border-b">
            <td className="sticky left-0 bg-surface" />
            {models.map(({ key, name }) => (
              <th key={key} scope="col" className="min-w-36 px-3 py-2 text-left align-top">
                <span className="flex items-start gap-1">
                  <button
                    type="button"
                    onClick={() => onOpen(key)}
                    className="wrap-anywhere text-left font-semibold text-accent underline underline-offset-4"
                  >
                    {name}
                  </button>
                  <button
                    type="button"
                    aria-label={t('compare.remove', { name })}
                    onClick={() => onRemove(key)}
                    className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg"
                  >
                    <X aria-hidden className="size-3.5" />
                  </button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cell, figure, better }) => {
            const best = bestOf(models, figure, better);
            return (
              <tr key={label} className="border-b">
                <th
                  scope="row"
                  className="sticky left-0 whitespace-nowrap bg-surface px-4 py-2 text-left font-medium text-muted"
                >
                  {label}
                </th>
                {models.map((model) => {
                  const isBest = best !== null && figure?.(model) === best;
                  return (
                    <td key={model.key} className={cn('px-3 py-2', isBest && 'font-semibold text-accent')}>
                      {cell(model)}
                      {isBest && <span className="sr-only"> {t('compare.best')}</span>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <tr>
            <td className="sticky left-0 bg-surface" />
            {models.map(({ key, name, trainable }) => (
              <td key={key} className="px-3 py-3">
                {trainable ? (
                  <TrainThis name={name} isPrimary />
                ) : (
                  <span className="text-muted">{t('notTrainable')}</span>
                )}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function useRows(models: ZooDetails[]): Row[] {
  const t = useTranslations('zoo');
  const task = useTranslations('config.tasks');
  const text = useZooText();
  // Figures of different benchmarks have no best among them.
  const measures = new Set(models.flatMap(({ accuracy }) => (accuracy ? [measureOf(accuracy)] : [])));
  return [
    { label: t('columns.task'), cell: ({ taskType }) => task(taskType) },
    { label: t('filters.source'), cell: ({ source }) => text.source(source) },
    {
      label: t('columns.accuracy'),
      cell: ({ accuracy }) => (
        <>
          {text.figure(accuracy)}
          {accuracy && <span className="block font-normal text-muted text-xs">{accuracy.dataset}</span>}
        </>
      ),
      figure: measures.size === 1 ? ({ accuracy }) => accuracy?.value ?? null : undefined,
      better: 'more',
    },
    {
      label: t('columns.params'),
      cell: ({ paramsM }) => text.params(paramsM),
      figure: ({ paramsM }) => paramsM,
      better: 'less',
    },
    {
      label: t('columns.gmacs'),
      cell: ({ gflops }) => text.gmacs(gflops),
      figure: ({ gflops }) => gflops,
      better: 'less',
    },
    {
      label: t('columns.memory'),
      cell: ({ trainingMemoryBytes }) => text.bytes(trainingMemoryBytes),
      figure: ({ trainingMemoryBytes }) => trainingMemoryBytes,
      better: 'less',
    },
    { label: t('filters.inputSize'), cell: ({ inputSize }) => text.pixels(inputSize) },
    { label: t('filters.license'), cell: ({ license }) => license ?? UNKNOWN },
    { label: t('details.pretrained'), cell: ({ pretrained }) => pretrained.length || UNKNOWN },
    {
      label: t('details.extra'),
      cell: ({ extra }) => `${extra.name} (${t(extra.installed ? 'details.there' : 'details.notThere')})`,
    },
  ];
}

/** What two figures must share to be compared. */
export function measureOf({ metric, dataset }: { metric: string; dataset: string }): string {
  return `${metric} ${dataset}`;
}

function bestOf(models: ZooDetails[], figure: Row['figure'], better: Row['better']): number | null {
  const known = figure ? models.flatMap((model) => figure(model) ?? []) : [];
  if (known.length < 2 || new Set(known).size < 2) return null;
  return better === 'less' ? Math.min(...known) : Math.max(...known);
}
