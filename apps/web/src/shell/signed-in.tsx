'use client';

import { identityRoutes } from '@mallo/contracts';
import { useRouter } from 'next/navigation';
import { useLocale } from 'next-intl';
import { type ReactNode, useEffect } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { keepLocale } from '@/i18n/preferences';
import { Loading } from './in-browser';

/** Shows its children to someone signed in; others are sent to sign in by the query that was refused. */
export function SignedIn({ children }: { children: ReactNode }) {
  const me = useRoute(identityRoutes.me, {});
  const locale = useLocale();
  const router = useRouter();

  const accountLocale = me.data?.locale;
  useEffect(() => {
    if (!accountLocale || accountLocale === locale) return;
    keepLocale(accountLocale);
    router.refresh();
  }, [accountLocale, locale, router]);

  if (me.data) return children;
  if (!me.error || ('status' in me.error && me.error.status === 401)) return <Loading />;
  return (
    <main className="grid h-dvh place-items-center p-6">
      <ProblemCard problem={me.error} onRetry={() => me.refetch()} className="max-w-md" />
    </main>
  );
}
