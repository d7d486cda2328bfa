import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ZooPage } from '@/zoo/zoo-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('zoo');
  return { title: t('title') };
}

export default function Page() {
  return <ZooPage />;
}
