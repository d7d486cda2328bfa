import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { DatasetsPage } from '@/datasets/datasets-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('datasets');
  return { title: t('title') };
}

export default function Page() {
  return <DatasetsPage />;
}
