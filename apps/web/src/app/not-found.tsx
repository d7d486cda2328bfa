import { Compass } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Link } from '@/ui/link';

export default function NotFound() {
  const t = useTranslations('errors.notFound');
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <EmptyState heading="h1" icon={Compass} title={t('title')} text={t('text')}>
        <Button asChild>
          <Link href="/projects">{t('action')}</Link>
        </Button>
      </EmptyState>
    </main>
  );
}
