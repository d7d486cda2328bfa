'use client';

import { type ModelCard as Card, type ModelVersion, modelCardRoutes } from '@mallo/contracts';
import { useLocale, useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Section } from '@/ui/card';
import { ScrollRegion } from '@/ui/scroll-region';
import { Skeleton } from '@/ui/skeleton';
import { CardCurves } from './card-curves';
import { CardData } from './card-data';
import { LineageGraph } from './lineage-graph';
import { LoggedRun } from './logged-run';
import { Snippets } from './snippets';

/** What a version is for, what it learned from, how it is used and where it came from: its model card. */
export function ModelCard({ version }: { version: ModelVersion }) {
  const locale = useLocale();
  const params = { modelId: version.modelId, version: version.version };
  const card = useRoute(modelCardRoutes.get, { params, query: { locale } });
  if (card.error) return <ProblemCard problem={card.error} onRetry={() => card.refetch()} />;
  if (!card.data) return <Skeleton className="h-96 rounded-xl" />;
  const { data, curves, snippets, settings, runTags, lineage } = card.data;
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <About card={card.data} />
        {data && <CardData data={data} />}
      </div>
      {curves.length > 0 && <CardCurves curves={curves} />}
      {version.logged && <LoggedRun settings={settings} tags={runTags} />}
      {snippets.length > 0 && <Snippets snippets={snippets} />}
      <LineageGraph graph={lineage} version={version} />
    </>
  );
}

function About({ card }: { card: Card }) {
  const t = useTranslations('models.card');
  const { purpose, origin, license, limits, training, environment } = card;
  return (
    <Section title={t('title')}>
      <div className="wrap-anywhere grid grid-cols-1 gap-4 p-4">
        <Part title={t('purpose')}>
          <p>{purpose ?? t('purposeUnknown')}</p>
          {origin && <p className="text-muted">{origin}</p>}
        </Part>
        {limits.length > 0 && (
          <Part title={t('limits')}>
            <ul className="grid list-disc gap-1 pl-5">
              {limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </Part>
        )}
        {training.length > 0 && (
          <Part title={t('training')}>
            {training.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </Part>
        )}
        {license && (
          <Part title={t('license')}>
            <p>{license}</p>
          </Part>
        )}
        {environment && (
          <Part title={t('environment')}>
            <p>{environment.statement}</p>
            {environment.text && (
              <ScrollRegion label={t('environment')} className="max-h-48 rounded-lg bg-sunken p-3">
                <pre className="font-mono text-sm">{environment.text}</pre>
              </ScrollRegion>
            )}
          </Part>
        )}
      </div>
    </Section>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-1">
      <h3 className="text-muted text-sm">{title}</h3>
      {children}
    </div>
  );
}
