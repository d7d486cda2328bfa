'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { Skeleton } from '@/ui/skeleton';

const never = () => () => undefined;

/**
 * Shows its children in the browser alone: much of them depends on what only it knows, such as its clock and what it
 * remembers of a person.
 */
export function InBrowser({ children }: { children: ReactNode }) {
  const isInBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return isInBrowser ? <Suspense fallback={<Loading />}>{children}</Suspense> : <Loading />;
}

/** Stands for the whole page until it is known who is there. */
export function Loading() {
  const t = useTranslations('common');
  return (
    <main className="grid h-dvh place-items-center p-6">
      <div role="status" aria-label={t('loading')} className="grid w-full max-w-md gap-3">
        <Skeleton className="h-8 w-1/2" />
        <Skeleton className="h-24" />
        <Skeleton className="h-24" />
      </div>
    </main>
  );
}
