'use client';

import type { ModelVersion } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { MAIN_FIELDS, OTHER_FIELDS } from '@/configs/field-value';
import { useValueText } from '@/configs/use-value-text';
import { Section } from '@/ui/card';
import { Link } from '@/ui/link';

/** What a version was made of: config, data, recipe, environment. */
export function Lineage({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.lineage');
  const config = useTranslations('config');
  const textOf = useValueText();
  if (!version.config || !version.result) return null;
  const { dataset, hyperparameters } = version.config;
  return (
    <Section title={t('title')}>
      <dl className="grid grid-cols-1 gap-x-10 p-4 sm:grid-cols-2">
        <Entry label={config('fields.dataset')}>
          <Link href={`/datasets/${dataset.id}`} className="font-medium text-accent underline underline-offset-4">
            {dataset.name}
          </Link>
        </Entry>
        <Entry label={t('recipe')}>{version.recipe}</Entry>
        <Entry label={t('weights')}>{version.result.weightsSource}</Entry>
        <Entry label={t('device')}>{version.result.device}</Entry>
        {[...MAIN_FIELDS, ...OTHER_FIELDS].map((name) => (
          <Entry key={name} label={config(`fields.${name}`)}>
            {textOf(hyperparameters[name])}
          </Entry>
        ))}
        <Entry label={t('datasetVersion')} mono>
          {version.datasetVersionSha256}
        </Entry>
        <Entry label={t('configHash')} mono>
          {version.configHash}
        </Entry>
      </dl>
      <p className="border-t px-4 py-3 text-muted text-sm">{t('environment')}</p>
    </Section>
  );
}

function Entry({ label, mono, children }: { label: string; mono?: boolean; children: React.ReactNode }) {
  return (
    <div className="flex min-h-8 items-baseline justify-between gap-4 border-b py-1.5">
      <dt className="shrink-0 text-muted text-sm">{label}</dt>
      <dd className={mono ? 'truncate font-mono text-xs' : 'tabular text-right font-medium'}>{children}</dd>
    </div>
  );
}
