'use client';

import type { Snippet } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Section } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';

/** Python that loads the version, for each way there is. */
export function Snippets({ snippets }: { snippets: Snippet[] }) {
  const t = useTranslations('models.card.snippets');
  return (
    <Section title={t('title')}>
      <p className="px-4 pt-3 text-muted text-sm">{t('text')}</p>
      <ul className="grid grid-cols-1 divide-y">
        {snippets.map(({ title, code }) => (
          <li key={title} className="grid grid-cols-1 gap-1 px-4 py-3">
            <CodeBlock
              heading={<h3 className="font-medium">{title}</h3>}
              code={code}
              label={t('code', { title })}
              copyLabel={t('copy', { title })}
              className="max-h-96"
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
