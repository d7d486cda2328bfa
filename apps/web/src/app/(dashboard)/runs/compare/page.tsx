import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { answersAhead } from '@/api/answers-ahead';
import { paramsOf, type SearchParams } from '@/api/search-params';
import { askForCompared } from '@/tracking/ahead';
import { ComparePage } from '@/tracking/compare/compare-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs.compare');
  return { title: t('title') };
}

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const asked = await paramsOf(searchParams);
  const state = await answersAhead((ahead) => askForCompared(ahead, asked));
  return (
    <HydrationBoundary state={state}>
      <ComparePage />
    </HydrationBoundary>
  );
}
