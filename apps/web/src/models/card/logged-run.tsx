'use client';

import type { ModelCard } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Section } from '@/ui/card';
import { Table } from '@/ui/table';

type Named = ModelCard['settings'];

/** With what the run worked that logged a version, and what is noted on it. */
export function LoggedRun({ settings, tags }: { settings: Named; tags: Named }) {
  const t = useTranslations('models.card.run');
  if (settings.length === 0 && tags.length === 0) return null;
  const rowsOf = (named: Named) => named.map(({ name, value }) => ({ key: name, cells: [name, value] }));
  return (
    <Section title={t('title')}>
      {settings.length > 0 && (
        <Table label={t('params')} columns={[{ label: t('param') }, { label: t('value') }]} rows={rowsOf(settings)} />
      )}
      {tags.length > 0 && (
        <Table label={t('tags')} columns={[{ label: t('tag') }, { label: t('value') }]} rows={rowsOf(tags)} />
      )}
    </Section>
  );
}
