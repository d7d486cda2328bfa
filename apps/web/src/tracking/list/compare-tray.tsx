'use client';

import { GitCompareArrows } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { Link } from '@/ui/link';
import { RunExport } from './run-export';

type CompareTrayProps = { projectId: string; runIds: string[]; href: string; onClear: () => void };

const ANY = { experimentIds: [], statuses: [], kinds: [], filter: '' };

/** The runs that are chosen, at the foot of the table. */
export function CompareTray({ projectId, runIds, href, onClear }: CompareTrayProps) {
  const t = useTranslations('runs.tray');
  const count = runIds.length;
  if (count === 0) return null;
  return (
    <section
      aria-label={t('label')}
      className="flex shrink-0 flex-wrap items-center gap-2 border-t bg-raised px-4 py-2.5 shadow-high sm:px-6"
    >
      <p role="status" className="tabular min-w-0 flex-1 text-sm">
        {t('chosen', { count })}
      </p>
      <Button size="sm" variant="ghost" onClick={onClear}>
        {t('clear')}
      </Button>
      <RunExport projectId={projectId} search={{ ...ANY, runIds }} count={count} />
      <Button size="sm" variant="primary" asChild>
        <Link href={href}>
          <GitCompareArrows aria-hidden />
          {t('compare')}
        </Link>
      </Button>
    </section>
  );
}
