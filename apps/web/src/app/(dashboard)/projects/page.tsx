import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ProjectsPage } from '@/projects/projects-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('projects');
  return { title: t('title') };
}

export default function Page() {
  return <ProjectsPage />;
}
