'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';

export default function PageError() {
  const t = useTranslations('errors.crashed');
  return (
    <main className="grid min-h-dvh flex-1 place-items-center p-6">
      <EmptyState heading="h1" icon={CircleAlert} title={t('title')} text={t('text')}>
        <Button onClick={() => window.location.reload()}>{t('action')}</Button>
      </EmptyState>
    </main>
  );
}
