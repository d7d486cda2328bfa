import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ComparePage } from '@/tracking/compare/compare-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs.compare');
  return { title: t('title') };
}

export default function Page() {
  return <ComparePage />;
}
