'use client';

import { ApiError } from '@mallo/client';
import { GitCompareArrows, SearchX, SquareTerminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { ProblemCard } from '@/errors/problem-card';
import { useErrorMessage } from '@/errors/use-error-message';
import { useFormat } from '@/format/use-format';
import { OfProject } from '@/projects/of-project';
import { LinkStateDot } from '@/runs/link-state';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Link } from '@/ui/link';
import { PageHeading } from '@/ui/page-heading';
import { SearchField } from '@/ui/search-field';
import { Skeleton } from '@/ui/skeleton';
import { useAddress } from '@/ui/use-address';
import { AlertMenu } from '../alerts/alert-menu';
import { compareHref } from '../compare/compare-address';
import { useProjectFeed } from '../live/use-project-feed';
import { ColumnMenu } from './column-menu';
import { CompareTray } from './compare-tray';
import { FilterHelp } from './filter-help';
import { NoRuns } from './no-runs';
import { RunExport } from './run-export';
import { RunFilters } from './run-filters';
import { COMPARE_MAX } from './run-requests';
import { RunTable } from './run-table';
import { isNarrowed, NO_FILTERS, readRunsAddress, searchOf, writeRunsAddress } from './runs-address';
import { useNewNames, useRunColumns } from './use-run-columns';
import { useRunSearch } from './use-run-search';

/** So long before the end of what is there more is asked for. */
const AHEAD = 30;

/** All runs of a project, those that Mallo trained and those that programs logged. */
export function RunsPage() {
  const t = useTranslations('runs');
  return <OfProject title={t('title')}>{(projectId) => <ProjectRuns projectId={projectId} />}</OfProject>;
}

function ProjectRuns({ projectId }: { projectId: string }) {
  const t = useTranslations('runs');
  const format = useFormat();
  const messageOf = useErrorMessage();
  const [address, change] = useAddress(readRunsAddress, writeRunsAddress);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const columns = useRunColumns(projectId, address.columns);
  const feed = useProjectFeed(projectId, columns?.metrics ?? []);
  useNewNames(projectId, address.columns ? null : columns, feed);
  const wanted = columns && { ...searchOf(address), columns };
  const found = useRunSearch(projectId, wanted, feed);
  const { runs, total, error, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const { length } = runs;
  const onReach = useCallback(
    (index: number) => {
      if (index >= length - AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const onSelect = useCallback((runId: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(runId) && after.size < COMPARE_MAX) after.add(runId);
      return after;
    });
  }, []);
  const isEmpty = found.isSuccess && total === 0;
  // What cannot be read is wrong in the words, so it is said beside them.
  const isWrongFilter = error instanceof ApiError && error.code === 'run.search_invalid';
  const metrics = columns?.metrics ?? [];
  if (isEmpty && !isNarrowed(address) && !found.isPlaceholderData) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <PageHeading title={t('title')} className="px-4 pt-6 font-bold text-2xl tracking-tight sm:px-6" />
        <NoRuns projectId={projectId} />
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="grid shrink-0 grid-cols-1 gap-3 px-4 pt-4 pb-3 sm:px-6">
        <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2">
          <PageHeading title={t('title')} className="font-bold text-xl tracking-tight" />
          <p role="status" className="tabular text-muted text-sm">
            {found.isSuccess && t('count', { count: total, text: format.whole(total) })}
          </p>
          <span className="ml-auto" />
          <LinkStateDot state={feed.link} />
          <AlertMenu projectId={projectId} metrics={metrics} />
          <Button size="sm" asChild>
            <Link href={`/runs/query?project=${projectId}`}>
              <SquareTerminal aria-hidden />
              {t('query.open')}
            </Link>
          </Button>
          {length > 0 && (
            <RunExport projectId={projectId} search={{ ...searchOf(address), runIds: [] }} count={total} />
          )}
          {length > 0 && (
            <Button size="sm" asChild>
              <Link href={compareHref(projectId, { runIds: [], search: address, metrics })}>
                <GitCompareArrows aria-hidden />
                {t('compareAll', { count: Math.min(total, COMPARE_MAX) })}
              </Link>
            </Button>
          )}
        </div>
        <div className="flex items-start gap-1">
          <div className="grid min-w-0 flex-1 gap-1">
            <SearchField
              label={t('search')}
              placeholder={t('searchExample')}
              value={address.filter}
              onChange={(filter) => change({ filter }, 'replace')}
              busy={found.isPlaceholderData && !error}
              maxLength={10_000}
            />
            {isWrongFilter && (
              <p role="alert" className="wrap-anywhere text-danger text-sm">
                {messageOf(error)}
              </p>
            )}
          </div>
          <FilterHelp onTry={(filter) => change({ filter })} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-2">
          <RunFilters projectId={projectId} address={address} change={change} />
          {columns && (
            <ColumnMenu
              projectId={projectId}
              columns={columns}
              onChange={(next) => change({ columns: next }, 'replace')}
            />
          )}
        </div>
      </div>
      {error && !isWrongFilter && (
        <ProblemCard problem={error} onRetry={() => found.refetch()} className="mx-4 mb-4 sm:mx-6" />
      )}
      {found.isPending && !error && (
        <div className="grid gap-2 border-t px-4 py-3 sm:px-6">
          {Array.from({ length: 12 }, (_, index) => (
            <Skeleton key={index} className="h-7" />
          ))}
        </div>
      )}
      {isEmpty && (
        <div className="border-t p-4 sm:p-6">
          <EmptyState icon={SearchX} title={t('none.title')} text={t('none.text')}>
            <Button onClick={() => change(NO_FILTERS)}>{t('none.clear')}</Button>
          </EmptyState>
        </div>
      )}
      {columns && length > 0 && (
        <RunTable
          runs={runs}
          count={hasNextPage ? Math.max(total, length) : length}
          columns={columns}
          address={address}
          change={change}
          selected={selected}
          onSelect={onSelect}
          onReach={onReach}
          isBusy={found.isPlaceholderData}
        />
      )}
      <CompareTray
        projectId={projectId}
        runIds={[...selected]}
        href={compareHref(projectId, {
          runIds: [...selected],
          search: readRunsAddress(new URLSearchParams()),
          metrics,
        })}
        onClear={() => setSelected(new Set())}
      />
    </div>
  );
}
