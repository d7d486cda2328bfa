'use client';

import { type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useParams, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { ClassMetrics } from '@/runs/class-metrics';
import { ConfusionMatrix } from '@/runs/confusion-matrix';
import { useWorkspace } from '@/shell/use-workspace';
import { Section } from '@/ui/card';
import { Page } from '@/ui/page';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';
import { Artifacts } from './artifacts';
import { Lineage } from './lineage';
import { TryModel } from './try-model';
import { VersionFigures } from './version-figures';

export function ModelPage() {
  const t = useTranslations('models');
  const { modelId } = useParams<{ modelId: string }>();
  const model = useRoute(registryRoutes.get, { params: { modelId } });
  const asked = useSearchParams().get('version');

  const chooseProject = useWorkspace((workspace) => workspace.chooseProject);
  const projectId = model.data?.projectId;
  useEffect(() => {
    if (projectId) chooseProject(projectId);
  }, [projectId, chooseProject]);

  if (model.error) {
    return (
      <Page title={t('title')}>
        <ProblemCard problem={model.error} onRetry={() => model.refetch()} />
      </Page>
    );
  }
  const version = asked ?? model.data?.versions[0]?.version;
  if (!model.data || !version) return <ModelSkeleton />;
  return <VersionPage key={version} model={model.data} version={version} />;
}

function VersionPage({ model, version }: { model: RegisteredModel; version: string }) {
  const t = useTranslations('models');
  const format = useFormat();
  const router = useRouter();
  const details = useRoute(registryRoutes.version, { params: { modelId: model.id, version } });

  // The sections come after the address was read, so the one it names is looked for again.
  const isLoaded = details.data !== undefined;
  useEffect(() => {
    const { hash } = window.location;
    if (isLoaded && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [isLoaded]);

  return (
    <Page
      title={model.name}
      description={
        details.data &&
        t('subtitle', { architecture: details.data.architecture, when: format.date(details.data.createdAt) })
      }
      actions={
        <Select
          label={t('version')}
          className="w-44"
          value={version}
          onValueChange={(next) => router.replace(`?version=${next}`, { scroll: false })}
          options={model.versions.map((one) => ({
            value: one.version,
            label: one.valAccuracy === null ? one.version : `${one.version} · ${format.percent(one.valAccuracy)}`,
          }))}
        />
      }
    >
      {details.error && <ProblemCard problem={details.error} onRetry={() => details.refetch()} />}
      {details.isPending && (
        <>
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-80 rounded-xl" />
        </>
      )}
      {details.data && (
        <>
          <VersionFigures version={details.data} />
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
            <div className="grid grid-cols-1 gap-6">
              <div id="try" className="scroll-mt-4">
                <TryModel modelId={model.id} version={version} />
              </div>
              <div id="confusion" className="scroll-mt-4">
                <Section title={t('confusion')}>
                  <div className="p-4">
                    <ConfusionMatrix
                      matrix={details.data.result.confusionMatrix}
                      classNames={details.data.config.classNames}
                    />
                  </div>
                </Section>
              </div>
            </div>
            <Section title={t('perClass')}>
              <ClassMetrics perClass={details.data.result.perClass} />
            </Section>
          </div>
          <Artifacts version={details.data} />
          <Lineage version={details.data} />
        </>
      )}
    </Page>
  );
}

function ModelSkeleton() {
  return (
    <Page title={<Skeleton className="h-8 w-64" />}>
      <Skeleton className="h-24 rounded-xl" />
      <Skeleton className="h-80 rounded-xl" />
    </Page>
  );
}
