import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RegisterPage } from '@/models/register/register-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.register');
  return { title: t('title') };
}

export default function Page() {
  return <RegisterPage />;
}
