'use client';

import type { LoggedModel, ModelVersion } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Badge } from '@/ui/badge';
import { Section } from '@/ui/card';
import { Link } from '@/ui/link';
import { Entry } from './entry';

type LoggedDetailsProps = { version: ModelVersion; logged: LoggedModel };

/** What a version that came over MLflow is there: its flavors and its run. */
export function LoggedDetails({ version, logged }: LoggedDetailsProps) {
  const t = useTranslations('models.logged');
  return (
    <Section title={t('title')}>
      <dl className="grid grid-cols-1 gap-x-10 p-4 sm:grid-cols-2">
        <Entry label={t('number')}>{version.number}</Entry>
        <Entry label={t('run')}>
          {logged.runId ? (
            <Link href={`/runs/${logged.runId}`} className="text-accent underline underline-offset-4">
              {logged.runId}
            </Link>
          ) : (
            t('noRun')
          )}
        </Entry>
        <Entry label={t('flavors')}>
          {logged.flavors.length === 0
            ? t('noFlavors')
            : logged.flavors.map(({ name, version: of }) => (
                <Badge key={name} className="ml-1.5">
                  {t('flavor', { name, version: of ?? '' })}
                </Badge>
              ))}
        </Entry>
        <Entry label={t('source')}>
          <span className="font-mono text-xs">{logged.source}</span>
        </Entry>
        {logged.runLink && (
          <Entry label={t('runLink')}>
            <span className="font-mono text-xs">{logged.runLink}</span>
          </Entry>
        )}
      </dl>
    </Section>
  );
}
