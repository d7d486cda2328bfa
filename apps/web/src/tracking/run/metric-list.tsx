'use client';

import type { LastPoint, MetricSummary } from '@mallo/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { memo, useCallback, useEffect, useId, useRef, useState } from 'react';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { CheckBox } from '@/ui/check-box';
import { ScrollRegion } from '@/ui/scroll-region';
import { SearchField } from '@/ui/search-field';
import { Skeleton } from '@/ui/skeleton';
import { atBeat } from '../live/beat';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { metricText } from '../metric-text';
import { useMetrics } from './use-metrics';

const ROW_HEIGHT = 34;
const AHEAD = 40;

type MetricListProps = {
  runId: string;
  /** Those that have a chart. */
  charted: readonly string[];
  onToggle: (key: string) => void;
  feed: Pick<ProjectFeed, 'listen'>;
};

/** Every metric of a run by its name, however many there are; those that are ticked have a chart. */
export function MetricList({ runId, charted, onToggle, feed }: MetricListProps) {
  const t = useTranslations('runs.metrics');
  const format = useFormat();
  const id = useId();
  const [search, setSearch] = useState('');
  /** Newer last points than the list was given. */
  const [latest, setLatest] = useState<Readonly<Record<string, LastPoint>>>({});
  const waiting = useRef<{ news: Record<string, LastPoint>; takeBack: (() => void) | null }>({
    news: {},
    takeBack: null,
  });
  useEffect(() => () => waiting.current.takeBack?.(), []);
  useFeedListener(feed, {
    onRuns: (runs) => {
      const news = runs.find((run) => run.id === runId)?.metrics ?? {};
      if (Object.keys(news).length === 0) return;
      Object.assign(waiting.current.news, news);
      waiting.current.takeBack ??= atBeat(() => {
        const { news } = waiting.current;
        waiting.current = { news: {}, takeBack: null };
        setLatest((before) => ({ ...before, ...news }));
      }, 1);
    },
  });
  const found = useMetrics(runId, search);
  const metrics: MetricSummary[] = found.data?.pages.flatMap((page) => page.metrics) ?? [];
  const total = found.data?.pages.at(-1)?.total ?? 0;
  const latestToggle = useRef(onToggle);
  latestToggle.current = onToggle;
  const toggle = useCallback((name: string) => latestToggle.current(name), []);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  useEffect(() => {
    if (last >= metrics.length - AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, metrics.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-2 border-b p-3">
        <SearchField
          label={t('search')}
          placeholder={t('search')}
          value={search}
          onChange={setSearch}
          maxLength={250}
        />
        <p role="status" className="tabular text-muted text-xs">
          {found.isSuccess && t('count', { count: total, charted: charted.length })}
        </p>
      </div>
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} className="m-3" />}
      <ScrollRegion ref={scroller} label={t('list')} className="min-h-0 flex-1">
        <ul aria-label={t('list')} className="relative" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const metric = metrics[index];
            const value = metric && (latest[metric.key] ?? metric.last).value;
            return (
              <li
                key={index}
                aria-setsize={total}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0 contain-strict"
                style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              >
                {metric ? (
                  <label
                    htmlFor={`${id}-${index}`}
                    className="flex h-full cursor-pointer items-center gap-2.5 px-3 hover:bg-hover"
                  >
                    <MetricName
                      id={`${id}-${index}`}
                      name={metric.key}
                      isCharted={charted.includes(metric.key)}
                      onToggle={toggle}
                    />
                    <span className="tabular shrink-0 text-muted text-xs">
                      {value !== undefined && metricText(value, format)}
                    </span>
                  </label>
                ) : (
                  <div className="px-3 py-2">
                    <Skeleton className="h-4" />
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      </ScrollRegion>
    </div>
  );
}

type MetricNameProps = { id: string; name: string; isCharted: boolean; onToggle: (name: string) => void };

/** What of a row stays as it is while figures come. */
const MetricName = memo(function MetricName({ id, name, isCharted, onToggle }: MetricNameProps) {
  return (
    <>
      <CheckBox id={id} checked={isCharted} onChange={() => onToggle(name)} />
      <span className="min-w-0 flex-1 truncate text-sm" title={name}>
        {name}
      </span>
    </>
  );
});
