'use client';

import { ZOO_COMPARE_MAX, type ZooListing } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { memo, type ReactNode, useCallback } from 'react';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { CheckBox } from '@/ui/check-box';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';
import { useIsWide } from '@/ui/use-is-wide';
import { VirtualList } from '@/ui/virtual-list';
import type { useZooModels } from './use-zoo-models';
import { useZooText } from './use-zoo-text';
import type { ZooAddress, ZooChange } from './zoo-address';

const WIDE_ROW = 60;
const NARROW_ROW = 124;
/** Name, task, parameters, multiply-adds, accuracy, memory. */
const COLUMNS = 'lg:grid-cols-[minmax(0,1fr)_9rem_5rem_5rem_8rem_6rem]';

type ZooListProps = { found: ReturnType<typeof useZooModels>; address: ZooAddress; change: ZooChange };

export function ZooList({ found, address, change }: ZooListProps) {
  const t = useTranslations('zoo');
  const isWide = useIsWide();
  const { models, total, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = found;
  const onReach = useCallback(
    (index: number) => {
      if (index >= models.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [models.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const toggle = useCallback(
    (key: string) =>
      change(({ compare }) => {
        if (compare.includes(key)) return { compare: compare.filter((one) => one !== key) };
        return { compare: [...compare, key].slice(0, ZOO_COMPARE_MAX) };
      }, 'replace'),
    [change],
  );
  const open = useCallback((key: string) => change({ model: key }), [change]);
  return (
    <Card className="overflow-clip" aria-busy={isPlaceholderData}>
      <div
        aria-hidden
        className={cn(
          'sticky top-0 z-10 hidden h-9 items-center gap-3 border-b bg-surface pr-4 pl-12 text-muted text-xs lg:grid',
          COLUMNS,
        )}
      >
        <span>{t('columns.name')}</span>
        <span>{t('columns.task')}</span>
        <span className="text-right">{t('columns.params')}</span>
        <span className="text-right">{t('columns.gmacs')}</span>
        <span className="text-right">{t('columns.accuracy')}</span>
        <span className="text-right">{t('columns.memory')}</span>
      </div>
      {found.isPending ? (
        <div className="grid gap-px">
          {Array.from({ length: 12 }, (_, index) => (
            <div key={index} className="flex h-15 items-center px-4">
              <Skeleton className="h-8 w-full" />
            </div>
          ))}
        </div>
      ) : (
        <VirtualList label={t('title')} count={total} rowHeight={isWide ? WIDE_ROW : NARROW_ROW} onReach={onReach}>
          {(index) => {
            const model = models[index];
            if (!model) {
              return (
                <div className="flex h-full items-center border-b px-4">
                  <Skeleton className="h-8 w-full" />
                </div>
              );
            }
            const isChosen = address.compare.includes(model.key);
            return (
              <ZooRow
                model={model}
                isChosen={isChosen}
                canChoose={isChosen || address.compare.length < ZOO_COMPARE_MAX}
                onChoose={toggle}
                onOpen={open}
              />
            );
          }}
        </VirtualList>
      )}
    </Card>
  );
}

type ZooRowProps = {
  model: ZooListing;
  isChosen: boolean;
  canChoose: boolean;
  onChoose: (key: string) => void;
  onOpen: (key: string) => void;
};

/** Rendered anew only when it changes, not with each frame of scrolling. */
const ZooRow = memo(function ZooRow({ model, isChosen, canChoose, onChoose, onOpen }: ZooRowProps) {
  const t = useTranslations('zoo');
  const task = useTranslations('config.tasks');
  const text = useZooText();
  return (
    <div className={cn('relative flex h-full items-center gap-3 border-b px-4', isChosen && 'bg-accent-soft')}>
      <CheckBox
        label={t('compare.choose', { name: model.name })}
        checked={isChosen}
        disabled={!canChoose}
        onChange={() => onChoose(model.key)}
        className="z-1"
      />
      <div className={cn('grid min-w-0 flex-1 items-center gap-x-3 gap-y-1', COLUMNS)}>
        <div className="min-w-0">
          <p className="flex min-w-0">
            <button
              type="button"
              onClick={() => onOpen(model.key)}
              title={model.name}
              className="truncate font-semibold after:absolute after:inset-0"
            >
              {model.name}
            </button>
          </p>
          <p className="flex min-w-0 items-center gap-2">
            <span className="truncate text-muted text-xs">
              {text.source(model.source)} · {model.family}
              {model.license && ` · ${model.license}`}
            </span>
            {!model.trainable && <Badge>{t('notTrainable')}</Badge>}
            {model.trainable && !model.extra.installed && <Badge>{t('needs', { name: model.extra.name })}</Badge>}
          </p>
        </div>
        <span className="truncate text-muted text-sm">{task(model.taskType)}</span>
        <dl className="col-span-full grid grid-cols-4 gap-3 lg:contents">
          <Figure label={t('columns.params')}>{text.params(model.paramsM)}</Figure>
          <Figure label={t('columns.gmacs')}>{text.gmacs(model.gflops)}</Figure>
          <Figure label={t('columns.accuracy')}>{text.figure(model.accuracy)}</Figure>
          <Figure label={t('columns.memory')}>{text.bytes(model.trainingMemoryBytes)}</Figure>
        </dl>
      </div>
    </div>
  );
});

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 lg:text-right">
      <dt className="truncate text-muted text-xs lg:sr-only">{label}</dt>
      <dd className="tabular truncate font-medium text-sm">{children}</dd>
    </div>
  );
}
