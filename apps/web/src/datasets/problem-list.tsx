'use client';

import type { DatasetVersion } from '@mallo/contracts';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from '@/ui/badge';

const KINDS = ['corrupt_image', 'empty_class', 'few_images', 'duplicate', 'merged_folders', 'ignored_file'] as const;

/** How many problems of each kind, in a line. */
export function ProblemSummary({ version }: { version: DatasetVersion }) {
  const t = useTranslations('datasets.problems');
  const found = KINDS.filter((kind) => (version.problemCounts[kind] ?? 0) > 0);
  if (found.length === 0) return null;
  return (
    <p className="mt-2 flex flex-wrap gap-1.5">
      {found.map((kind) => (
        <Badge key={kind} tone={kind === 'ignored_file' ? 'neutral' : 'warn'}>
          {kind !== 'ignored_file' && <TriangleAlert aria-hidden />}
          {t(`${kind}.count`, { count: version.problemCounts[kind] ?? 0 })}
        </Badge>
      ))}
    </p>
  );
}

/** The problems by name, with what they mean for a training. */
export function ProblemList({ version }: { version: DatasetVersion }) {
  const t = useTranslations('datasets.problems');
  const found = KINDS.filter((kind) => (version.problemCounts[kind] ?? 0) > 0);
  if (found.length === 0) return <p className="px-4 py-6 text-center text-muted">{t('none')}</p>;
  return (
    <ul className="divide-y">
      {found.map((kind) => {
        const problems = version.problems.filter((problem) => problem.kind === kind);
        const count = version.problemCounts[kind] ?? 0;
        return (
          <li key={kind}>
            <details className="group" open={count <= 5}>
              <summary className="flex items-center gap-2 px-4 py-2.5 hover:bg-hover">
                <span className="font-medium">{t(`${kind}.count`, { count })}</span>
                <span className="hidden truncate text-muted text-sm sm:inline">{t(`${kind}.meaning`)}</span>
              </summary>
              <ul className="max-h-64 overflow-y-auto px-4 pb-3 font-mono text-sm" tabIndex={-1}>
                {problems.map(({ path, other }) => (
                  <li key={`${path} ${other}`} className="py-0.5 [overflow-wrap:anywhere]">
                    {path}
                    {other && <span className="text-muted">{t('equals', { other })}</span>}
                  </li>
                ))}
                {count > problems.length && (
                  <li className="py-0.5 text-muted">{t('more', { count: count - problems.length })}</li>
                )}
              </ul>
            </details>
          </li>
        );
      })}
    </ul>
  );
}
