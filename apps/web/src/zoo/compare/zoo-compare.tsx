'use client';

import { zooRoutes } from '@mallo/contracts';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import type { ZooAddress, ZooChange } from '../zoo-address';
import { ZooDetailsPanel } from '../zoo-details-panel';
import { CompareTable } from './compare-table';
import { CostPlot } from './cost-plot';

/** Up to six models side by side. */
export function ZooCompare({ address, change }: { address: ZooAddress; change: ZooChange }) {
  const t = useTranslations('zoo.compare');
  const found = useRoute(zooRoutes.details, { query: { models: address.compare } });
  return (
    <>
      <Page
        title={t('title')}
        description={t('description')}
        actions={
          <Button onClick={() => change({ isComparing: false })}>
            <ArrowLeft aria-hidden />
            {t('back')}
          </Button>
        }
      >
        {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} />}
        {found.isPending && (
          <>
            <Skeleton className="h-72 rounded-xl" />
            <Skeleton className="h-80 rounded-xl" />
          </>
        )}
        {found.data && (
          <>
            <Section title={t('plot')}>
              <CostPlot models={found.data} />
            </Section>
            <Section title={t('table')}>
              <CompareTable
                models={found.data}
                onOpen={(model) => change({ model })}
                onRemove={(key) => {
                  const compare = address.compare.filter((one) => one !== key);
                  change({ compare, isComparing: compare.length > 0 });
                }}
              />
            </Section>
          </>
        )}
      </Page>
      <ZooDetailsPanel address={address} change={change} />
    </>
  );
}
