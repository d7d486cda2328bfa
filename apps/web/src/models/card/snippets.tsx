'use client';

import type { Snippet } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';
import { ScrollRegion } from '@/ui/scroll-region';

/** Python that loads the version, for each way there is. */
export function Snippets({ snippets }: { snippets: Snippet[] }) {
  const t = useTranslations('models.card.snippets');
  return (
    <Section title={t('title')}>
      <p className="px-4 pt-3 text-muted text-sm">{t('text')}</p>
      <ul className="grid grid-cols-1 divide-y">
        {snippets.map(({ title, code }) => (
          <li key={title} className="grid grid-cols-1 gap-1 px-4 py-3">
            <div className="flex items-center justify-between gap-2">
              <h3 className="font-medium">{title}</h3>
              <CopyButton text={code} label={t('copy', { title })} />
            </div>
            <ScrollRegion label={t('code', { title })} className="max-h-96 rounded-lg bg-sunken p-3">
              <pre className="font-mono text-sm">{code}</pre>
            </ScrollRegion>
          </li>
        ))}
      </ul>
    </Section>
  );
}
