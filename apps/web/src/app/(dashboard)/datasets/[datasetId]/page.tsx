import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { DatasetPage } from '@/datasets/dataset-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('datasets');
  return { title: t('title') };
}

export default function Page() {
  return <DatasetPage />;
}
