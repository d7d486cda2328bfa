'use client';

import type { TrackedRun } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';

/** What the run was given and what was said of it. */
export function RunDetails({ run }: { run: TrackedRun }) {
  const t = useTranslations('runs.details');
  return (
    <div className="grid grid-cols-1 items-start gap-4 p-4 sm:p-6 lg:grid-cols-2">
      {(['params', 'tags'] as const).map((kind) => {
        const entries = Object.entries(run[kind]).toSorted(([a], [b]) => a.localeCompare(b));
        return (
          <Section key={kind} title={t(kind, { count: entries.length })}>
            {entries.length === 0 ? (
              <p className="px-4 py-6 text-center text-muted">{t('none')}</p>
            ) : (
              <dl className="divide-y">
                {entries.map(([key, value]) => (
                  <div key={key} className="group/entry flex min-h-9 items-center gap-4 px-4 py-1">
                    <dt className="wrap-anywhere w-2/5 shrink-0 text-muted text-sm">{key}</dt>
                    <dd className="flex min-w-0 flex-1 items-center gap-2 font-mono text-sm">
                      <span className="wrap-anywhere min-w-0 flex-1">{value}</span>
                      <CopyButton text={value} label={t('copy', { key })} />
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </Section>
        );
      })}
    </div>
  );
}
