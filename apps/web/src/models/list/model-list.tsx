'use client';

import type { ModelSummary } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { memo, useCallback } from 'react';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { Link } from '@/ui/link';
import { Skeleton } from '@/ui/skeleton';
import { VirtualList } from '@/ui/virtual-list';
import { tagText } from '../tags/tag-text';
import { useMainFigure } from '../use-main-figure';

const ROW_HEIGHT = 84;
/** Tags that fit beside a name; the others are on its page. */
const SHOWN_TAGS = 3;
/** So long before the end of what is there more is asked for. */
const AHEAD = 10;

type ModelListProps = {
  models: ModelSummary[];
  isPending: boolean;
  isOfBefore: boolean;
  hasMore: boolean;
  isComing: boolean;
  onMore: () => unknown;
  /** Shown in place of the accuracy where it is sorted by. */
  sortMetric: string | null;
};

export function ModelList({ models, isPending, isOfBefore, hasMore, isComing, onMore, sortMetric }: ModelListProps) {
  const t = useTranslations('models');
  const { length } = models;
  const onReach = useCallback(
    (index: number) => {
      if (index >= length - AHEAD && hasMore && !isComing) onMore();
    },
    [length, hasMore, isComing, onMore],
  );
  return (
    <Card className="overflow-clip" aria-busy={isOfBefore}>
      {isPending ? (
        <div className="grid">
          {Array.from({ length: 5 }, (_, index) => (
            <Waiting key={index} />
          ))}
        </div>
      ) : (
        <VirtualList
          label={t('title')}
          count={length + (hasMore ? 1 : 0)}
          isWhole={!hasMore}
          rowHeight={ROW_HEIGHT}
          onReach={onReach}
        >
          {(index) => {
            const model = models[index];
            return model ? <ModelRow model={model} sortMetric={sortMetric} /> : <Waiting />;
          }}
        </VirtualList>
      )}
    </Card>
  );
}

function Waiting() {
  return (
    <div style={{ height: ROW_HEIGHT }} className="flex items-center border-b px-5">
      <Skeleton className="h-11 w-full" />
    </div>
  );
}

type ModelRowProps = { model: ModelSummary; sortMetric: string | null };

/** Rendered anew only when it changes, not with each frame of scrolling. */
const ModelRow = memo(function ModelRow({ model, sortMetric }: ModelRowProps) {
  const t = useTranslations('models');
  const task = useTranslations('config.tasks');
  const format = useFormat();
  const { latest, aliases, versionCount } = model;
  const tags = Object.entries({ ...model.tags, ...latest.tags });
  return (
    <div className="relative flex h-full items-center gap-4 overflow-hidden border-b px-5 transition-colors hover:bg-hover">
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-x-2 overflow-hidden">
          <h2 className="min-w-24 truncate font-semibold text-lg">
            <Link href={`/models/${model.id}`} className="after:absolute after:inset-0">
              {model.name}
            </Link>
          </h2>
          <Badge tone="accent">{latest.version}</Badge>
          {latest.deprecation && <Badge tone="warn">{t('deprecated')}</Badge>}
          {Object.entries(aliases).map(([alias, version]) => (
            <Badge key={alias} className="hidden sm:inline-flex">
              {t('alias', { alias, version })}
            </Badge>
          ))}
        </div>
        <p className="truncate text-muted text-sm">
          {[
            model.taskType ? task(model.taskType) : latest.framework,
            latest.architecture,
            t('versionCount', { count: versionCount }),
            format.ago(model.changedAt),
          ].join(' · ')}
        </p>
        {tags.length > 0 && (
          <p className="flex gap-1.5 overflow-hidden text-muted text-xs">
            {tags.slice(0, SHOWN_TAGS).map(([key, value]) => (
              <span key={key} className="max-w-48 truncate">
                #{tagText(key, value)}
              </span>
            ))}
            {tags.length > SHOWN_TAGS && <span>{t('moreTags', { count: tags.length - SHOWN_TAGS })}</span>}
          </p>
        )}
      </div>
      <Figure model={model} metric={sortMetric} />
    </div>
  );
});

function Figure({ model: { taskType, latest }, metric }: { model: ModelSummary; metric: string | null }) {
  const t = useTranslations('models');
  const format = useFormat();
  const mainFigureOf = useMainFigure();
  const asked = metric === null ? null : latest.metrics[metric];
  const isAccuracy = metric === 'val_accuracy';
  const figure =
    metric === null
      ? mainFigureOf(taskType, latest)
      : asked !== undefined &&
        asked !== null && {
          label: isAccuracy ? t('accuracy') : metric,
          text: isAccuracy ? format.percent(asked) : format.number(asked, 4),
        };
  if (!figure) return null;
  return (
    <dl className="shrink-0 text-right">
      <dt className="max-w-32 truncate text-muted text-xs">{figure.label}</dt>
      <dd className="tabular font-semibold text-xl">{figure.text}</dd>
    </dl>
  );
}
