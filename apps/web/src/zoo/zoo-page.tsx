'use client';

import { ZooSort } from '@mallo/contracts';
import { ArrowDownWideNarrow, ArrowUpNarrowWide, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Page } from '@/ui/page';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { useAddress } from '@/ui/use-address';
import { AddModel } from './add-model';
import { CompareTray } from './compare/compare-tray';
import { ZooCompare } from './compare/zoo-compare';
import { useZooModels } from './use-zoo-models';
import {
  hasFilters,
  NO_FILTERS,
  readZooAddress,
  sortOf,
  writeZooAddress,
  type ZooAddress,
  type ZooChange,
} from './zoo-address';
import { ZooDetailsPanel } from './zoo-details-panel';
import { ZooFilters } from './zoo-filters';
import { ZooList } from './zoo-list';
import { ZooReadingLine } from './zoo-reading-line';

/** Every model that is known, to be searched, compared, and trained. */
export function ZooPage() {
  const t = useTranslations('zoo');
  const [address, change] = useAddress(readZooAddress, writeZooAddress);
  if (address.isComparing && address.compare.length > 0) return <ZooCompare address={address} change={change} />;
  return (
    <>
      <Page
        title={t('title')}
        description={t('description')}
        actions={<AddModel onAdded={({ key }) => change({ model: key })} />}
      >
        <ZooSearch address={address} change={change} />
      </Page>
      <CompareTray address={address} change={change} />
      <ZooDetailsPanel address={address} change={change} />
    </>
  );
}

function ZooSearch({ address, change }: { address: ZooAddress; change: ZooChange }) {
  const t = useTranslations('zoo');
  const format = useFormat();
  const found = useZooModels(address);
  const { descending } = address;
  const sort = sortOf(address);
  const sorts = ZooSort.options.filter((value) => value !== 'relevance' || address.query.trim());
  const isEmpty = found.isSuccess && found.total === 0;
  const Direction = descending ? ArrowDownWideNarrow : ArrowUpNarrowWide;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="grid grid-cols-1 gap-3">
        <SearchField
          label={t('search')}
          placeholder={t('searchExample')}
          value={address.query}
          onChange={(query) => change({ query }, 'replace')}
          busy={found.isPlaceholderData}
        />
        <ZooFilters address={address} change={change} />
      </div>
      <ZooReadingLine reading={found.reading} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="tabular text-muted text-sm">
          {found.isSuccess && t('count', { count: found.total, text: format.whole(found.total) })}
        </p>
        <div className="flex items-center gap-2">
          <Select
            label={t('sort')}
            className="h-8 w-60"
            value={sort}
            onValueChange={(value) => {
              const chosen = ZooSort.parse(value);
              change({ sort: chosen, descending: chosen === 'accuracy' });
            }}
            options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          />
          <Button
            size="icon"
            disabled={sort === 'relevance' || sort === 'suggested'}
            aria-label={t(descending ? 'descending' : 'ascending')}
            onClick={() => change({ descending: !descending })}
          >
            <Direction aria-hidden />
          </Button>
        </div>
      </div>
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} />}
      {isEmpty && (
        <EmptyState icon={SearchX} title={t('none.title')} text={t('none.text')}>
          {hasFilters(address) && <Button onClick={() => change(NO_FILTERS)}>{t('none.clearFilters')}</Button>}
          {address.query && <Button onClick={() => change({ query: '' })}>{t('none.clearSearch')}</Button>}
        </EmptyState>
      )}
      {!isEmpty && !found.error && <ZooList found={found} address={address} change={change} />}
    </div>
  );
}
