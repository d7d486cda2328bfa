'use client';

import { datasetRoutes, projectRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useParams, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { useWorkspace } from '@/shell/use-workspace';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/dialog';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import { ClassBars } from './class-bars';
import { ImageGrid } from './image-grid';
import { ProblemList } from './problem-list';

export function DatasetPage() {
  const t = useTranslations('datasets');
  const format = useFormat();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { datasetId } = useParams<{ datasetId: string }>();
  const [className, setClassName] = useState<string | null>(null);
  const dataset = useRoute(datasetRoutes.get, { params: { datasetId } });
  const remove = useCall(datasetRoutes.remove, {
    onSuccess: () => {
      router.push('/datasets');
      // Not asked for again while this page is still there, but should one come back to it.
      void queryClient.invalidateQueries({
        queryKey: routeKey(datasetRoutes.get, { params: { datasetId } }),
        refetchType: 'none',
      });
      void queryClient.invalidateQueries({ queryKey: routeKey(datasetRoutes.list) });
      void queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
    },
  });

  const chooseProject = useWorkspace((workspace) => workspace.chooseProject);
  const projectId = dataset.data?.projectId;
  useEffect(() => {
    if (projectId) chooseProject(projectId);
  }, [projectId, chooseProject]);

  if (dataset.error) {
    return (
      <Page title={t('title')}>
        <ProblemCard problem={dataset.error} onRetry={() => dataset.refetch()} />
      </Page>
    );
  }
  if (!dataset.data) {
    return (
      <Page title={null}>
        <Skeleton className="h-56 rounded-xl" />
        <Skeleton className="h-96 rounded-xl" />
      </Page>
    );
  }
  const { name, version } = dataset.data;
  return (
    <Page
      title={name}
      description={
        <span className="tabular">
          {t('summary', {
            classes: version.classes.length,
            images: format.whole(version.imageCount),
            size: format.bytes(version.sizeBytes),
          })}
          {' · '}
          {t('medianSize', { width: version.medianWidth, height: version.medianHeight })}
          {' · '}
          {t('versionNumber', { number: version.number })}
        </span>
      }
      actions={
        <Confirm
          trigger={
            <Button busy={remove.isPending}>
              <Trash2 aria-hidden />
              {t('remove.action')}
            </Button>
          }
          title={t('remove.title', { name })}
          description={t('remove.text', { size: format.bytes(version.sizeBytes) })}
          action={t('remove.action')}
          onConfirm={() => remove.mutate({ params: { datasetId } })}
        />
      }
    >
      {remove.error && <ProblemCard problem={remove.error} />}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <Section title={t('classes')}>
          <ClassBars classes={version.classes} selected={className} onSelect={setClassName} />
        </Section>
        <Section title={t('problems.title')}>
          <ProblemList version={version} />
        </Section>
      </div>
      <ImageGrid
        key={className}
        datasetId={datasetId}
        classNames={version.classes.map((one) => one.name)}
        className={className}
        onClassName={setClassName}
      />
      <p className="font-mono text-muted text-xs">{t('fingerprint', { sha256: version.sha256 })}</p>
    </Page>
  );
}
