import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ModelPage } from '@/models/model-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models');
  return { title: t('title') };
}

export default function Page() {
  return <ModelPage />;
}
