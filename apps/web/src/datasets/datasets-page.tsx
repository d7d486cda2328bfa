'use client';

import { type Dataset, datasetRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { NoProject } from '@/projects/no-project';
import { useCurrentProject } from '@/projects/use-current-project';
import { Card } from '@/ui/card';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import { DatasetJobCard } from './dataset-job-card';
import { useDatasetJobs } from './dataset-jobs';
import { DatasetDropArea, FileDrop } from './drop-zone';
import { ProblemSummary } from './problem-list';
import { SampleButtons } from './sample-buttons';
import { Thumbnails } from './thumbnails';

export function DatasetsPage() {
  const t = useTranslations('datasets');
  const { project, projects } = useCurrentProject();
  const datasets = useRoute(datasetRoutes.list, project ? { params: { projectId: project.id } } : null);
  const { jobs, upload, makeSample, retry, dismiss } = useDatasetJobs(project?.id);
  const listed = new Set(datasets.data?.map(({ id }) => id));
  const shown = jobs.filter(({ state }) => state.status !== 'done' || !listed.has(state.dataset.id));

  if (projects.data && !project) return <NoProject title={t('title')} />;
  return (
    <FileDrop onFiles={upload} label={t('dropHere')} className="flex min-h-0 flex-1 flex-col">
      <Page title={t('title')} description={project && t('description', { project: project.name })}>
        <DatasetDropArea onFiles={upload}>
          <SampleButtons onChoose={makeSample} />
        </DatasetDropArea>
        {shown.map((job) => (
          <DatasetJobCard key={job.id} job={job} onRetry={() => retry(job)} onDismiss={() => dismiss(job.id)} />
        ))}
        {(datasets.error ?? projects.error) && (
          <ProblemCard
            problem={datasets.error ?? projects.error ?? new Error()}
            onRetry={() => (datasets.error ? datasets : projects).refetch()}
          />
        )}
        {datasets.isPending && !projects.error && (
          <div className="grid gap-4 md:grid-cols-2">
            <Skeleton className="h-40 rounded-xl" />
            <Skeleton className="h-40 rounded-xl" />
          </div>
        )}
        {datasets.data?.length === 0 && shown.length === 0 && <p className="text-center text-muted">{t('empty')}</p>}
        <ul className="grid gap-4 md:grid-cols-2">
          {datasets.data?.map((dataset) => (
            <li key={dataset.id}>
              <DatasetCard dataset={dataset} />
            </li>
          ))}
        </ul>
      </Page>
    </FileDrop>
  );
}

function DatasetCard({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('datasets');
  const format = useFormat();
  const { version } = dataset;
  return (
    <Card className="relative h-full overflow-hidden transition-colors hover:border-line-strong">
      <Thumbnails datasetId={dataset.id} count={8} className="border-b p-3" />
      <div className="p-4">
        <h2 className="truncate font-semibold text-lg">
          <Link href={`/datasets/${dataset.id}`} className="after:absolute after:inset-0 after:rounded-xl">
            {dataset.name}
          </Link>
        </h2>
        <p className="text-muted text-sm">
          {t('summary', {
            classes: version.classes.length,
            images: format.whole(version.imageCount),
            size: format.bytes(version.sizeBytes),
          })}
          {' · '}
          {format.ago(dataset.createdAt)}
        </p>
        <ProblemSummary version={version} />
      </div>
    </Card>
  );
}
