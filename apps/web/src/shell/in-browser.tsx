'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useDeferredValue, useSyncExternalStore } from 'react';
import { Skeleton } from '@/ui/skeleton';

const never = () => () => undefined;

/**
 * Shows its children in the browser alone: much of them depends on what only it knows, such as its clock and what it
 * remembers of a person. They are waited for by a deferred value, as React holds back what a `<Suspense>` waited for.
 */
export function InBrowser({ children }: { children: ReactNode }) {
  const isInBrowser = useDeferredValue(
    useSyncExternalStore(
      never,
      () => true,
      () => false,
    ),
  );
  return isInBrowser ? children : <Loading />;
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
