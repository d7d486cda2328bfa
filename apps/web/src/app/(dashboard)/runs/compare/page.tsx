import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AnswersAhead } from '@/api/answers-ahead';
import { paramsOf, type SearchParams } from '@/api/search-params';
import { askForCompared } from '@/tracking/ahead';
import { ComparePage } from '@/tracking/compare/compare-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs.compare');
  return { title: t('title') };
}

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const asked = await paramsOf(searchParams);
  return (
    <AnswersAhead ask={(ahead) => askForCompared(ahead, asked)}>
      <ComparePage />
    </AnswersAhead>
  );
}
