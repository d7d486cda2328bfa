'use client';

import { type Dataset, datasetRoutes } from '@mallo/contracts';
import { ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useRoute } from '@/api/use-route';
import { BrandMark } from '@/shell/brand';
import { cn } from '@/ui/cn';

type WelcomeProps = {
  projectId: string;
  /** Whether it has the page to itself. */
  isAlone: boolean;
  onSay: (text: string) => void;
  children: ReactNode;
};

/** The chat before its first word: sentences to begin with, made of the data there is. */
export function Welcome({ projectId, isAlone, onSay, children }: WelcomeProps) {
  const t = useTranslations('chat.welcome');
  const datasets = useRoute(datasetRoutes.list, { params: { projectId } });
  const isEmpty = datasets.data?.length === 0;
  const latest: Dataset | undefined = datasets.data?.[0];
  const suggestions = latest
    ? [
        t('suggestions.quick', { dataset: latest.name }),
        t('suggestions.accurate', { dataset: latest.name, count: latest.version.classes.length }),
        t('suggestions.small', { dataset: latest.name }),
        t('suggestions.status'),
      ]
    : [t('suggestions.cats'), t('suggestions.digits'), t('suggestions.help')];
  return (
    <div className={cn('grid grid-cols-1 content-center gap-6 py-4', isAlone && 'sm:min-h-[calc(100dvh-17rem)]')}>
      <div className="grid gap-2">
        <BrandMark className="mb-1 hidden size-9 sm:block" />
        <h2 className="font-bold text-2xl tracking-tight sm:text-3xl">{t('title')}</h2>
        <p className="max-w-lg text-muted sm:text-lg">{t(isEmpty ? 'textWithoutData' : 'text')}</p>
      </div>
      {isEmpty && children}
      <ul className="grid gap-2 sm:grid-cols-2" aria-label={t('suggestionsLabel')}>
        {suggestions.map((text) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => onSay(text)}
              className="group flex h-full w-full items-start justify-between gap-3 rounded-xl border bg-surface px-4 py-3 text-left shadow-low transition-colors hover:border-line-strong hover:bg-hover"
            >
              {text}
              <ArrowUpRight aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
