'use client';

import { zooRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { SidePanel } from '@/ui/dialog';
import { Skeleton } from '@/ui/skeleton';
import type { ZooAddress, ZooChange } from './zoo-address';
import { ZooDetails } from './zoo-details';

/** All that is known of one model, beside the list. */
export function ZooDetailsPanel({ address, change }: { address: ZooAddress; change: ZooChange }) {
  const t = useTranslations('zoo');
  const { model: key } = address;
  const found = useRoute(zooRoutes.details, key ? { query: { models: [key] } } : null);
  const [model] = found.data ?? [];
  return (
    <SidePanel
      open={key !== null}
      onOpenChange={(open) => !open && change({ model: null })}
      title={model?.name ?? key?.slice(key.indexOf('/') + 1) ?? t('title')}
    >
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} className="m-4" />}
      {key && found.isPending && (
        <div className="grid gap-4 p-6">
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-56 rounded-xl" />
        </div>
      )}
      {model && (
        <ZooDetails
          model={model}
          onOpen={(other) => change({ model: other })}
          onRemoved={() => change({ model: null })}
        />
      )}
    </SidePanel>
  );
}
