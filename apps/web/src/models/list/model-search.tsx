'use client';

import { type ModelPage, registryRoutes } from '@mallo/contracts';
import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoutePages } from '@/api/use-route-pages';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { SearchField } from '@/ui/search-field';
import { useAddress } from '@/ui/use-address';
import { ModelFilters } from './model-filters';
import { ModelList } from './model-list';
import { ModelSort } from './model-sort';
import { hasFilters, modelQueryOf, NO_FILTERS, readModelsAddress, writeModelsAddress } from './models-address';
import { NoModels } from './no-models';

const PAGE_SIZE = 50;
const next = (pages: ModelPage[]) => {
  const cursor = pages.at(-1)?.nextCursor;
  return cursor ? { cursor } : null;
};

/** A project's models by name, task, figures, tags and aliases. */
export function ModelSearch({ projectId }: { projectId: string }) {
  const t = useTranslations('models.search');
  const [address, change] = useAddress(readModelsAddress, writeModelsAddress);
  const query = { ...modelQueryOf(address), limit: PAGE_SIZE };
  const found = useRoutePages(registryRoutes.list, { params: { projectId }, query }, next);
  const models = found.data?.pages.flatMap((page) => page.models) ?? [];
  const isNarrowed = hasFilters(address) || address.search.trim() !== '';
  const isEmpty = found.isSuccess && models.length === 0;
  // While the answer for something narrower is on its way, what is shown is of before.
  if (isEmpty && !isNarrowed && !found.isPlaceholderData) return <NoModels projectId={projectId} />;
  return (
    <section aria-label={t('results')} className="grid grid-cols-1 gap-4">
      <SearchField
        label={t('label')}
        placeholder={t('placeholder')}
        value={address.search}
        onChange={(search) => change({ search }, 'replace')}
        busy={found.isPlaceholderData}
      />
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <ModelFilters models={models} address={address} change={change} />
        <ModelSort models={models} address={address} change={change} />
      </div>
      <p role="status" className="sr-only">
        {found.isSuccess && t('found', { count: models.length, more: String(found.hasNextPage) })}
      </p>
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} />}
      {isEmpty && !found.error && (
        <EmptyState icon={SearchX} title={t('none.title')} text={t('none.text')}>
          {hasFilters(address) && <Button onClick={() => change(NO_FILTERS)}>{t('none.clearFilters')}</Button>}
          {address.search && <Button onClick={() => change({ search: '' })}>{t('none.clearSearch')}</Button>}
        </EmptyState>
      )}
      {!isEmpty && !(found.error && models.length === 0) && (
        <ModelList
          models={models}
          isPending={found.isPending}
          isOfBefore={found.isPlaceholderData}
          hasMore={found.hasNextPage}
          onMore={found.fetchNextPage}
          isComing={found.isFetchingNextPage}
          sortMetric={address.sort.startsWith('metric:') ? address.sort.slice('metric:'.length) : null}
        />
      )}
    </section>
  );
}
