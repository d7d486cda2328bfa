'use client';

import { FolderKanban } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';

/** In place of a page that shows things of a project, where there is none. */
export function NoProject({ title }: { title: string }) {
  const t = useTranslations('projects');
  return (
    <Page title={title}>
      <EmptyState icon={FolderKanban} title={t('empty.title')} text={t('empty.text')}>
        <Button variant="primary" asChild>
          <Link href="/projects">{t('create')}</Link>
        </Button>
      </EmptyState>
    </Page>
  );
}
