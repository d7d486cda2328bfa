import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { QueryPage } from '@/tracking/query/query-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs.query');
  return { title: t('title') };
}

export default function Page() {
  return <QueryPage />;
}
