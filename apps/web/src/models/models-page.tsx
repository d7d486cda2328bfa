'use client';

import { type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { Boxes, MessageSquarePlus, Upload } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { NoProject } from '@/projects/no-project';
import { useCurrentProject } from '@/projects/use-current-project';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import { DeletedVersions } from './deleted-versions';

export function ModelsPage() {
  const t = useTranslations('models');
  const { project, projects } = useCurrentProject();
  const models = useRoute(registryRoutes.list, project ? { params: { projectId: project.id } } : null);
  if (projects.data && !project) return <NoProject title={t('title')} />;
  const error = models.error ?? projects.error;
  return (
    <Page
      title={t('title')}
      description={project && t('description', { project: project.name })}
      actions={
        project && (
          <Button asChild>
            <Link href={`/models/register?project=${project.id}`}>
              <Upload aria-hidden />
              {t('register.title')}
            </Link>
          </Button>
        )
      }
    >
      {error && <ProblemCard problem={error} onRetry={() => (models.error ? models : projects).refetch()} />}
      {!error && models.isPending && (
        <div className="grid gap-3">
          <Skeleton className="h-20 rounded-xl" />
          <Skeleton className="h-20 rounded-xl" />
        </div>
      )}
      {models.data?.length === 0 && project && (
        <EmptyState icon={Boxes} title={t('empty.title')} text={t('empty.text')}>
          <Button variant="primary" asChild>
            <Link href={`/projects/${project.id}`}>
              <MessageSquarePlus aria-hidden />
              {t('empty.action')}
            </Link>
          </Button>
        </EmptyState>
      )}
      {models.data && models.data.length > 0 && (
        <ul className="grid gap-3">
          {models.data.map((model) => (
            <li key={model.id}>
              <ModelRow model={model} />
            </li>
          ))}
        </ul>
      )}
      {project && <DeletedVersions projectId={project.id} />}
    </Page>
  );
}

function ModelRow({ model }: { model: RegisteredModel }) {
  const t = useTranslations('models');
  const format = useFormat();
  const [latest] = model.versions;
  return (
    <Card className="relative flex items-center gap-4 px-5 py-4 transition-colors hover:border-line-strong">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="truncate font-semibold text-lg">
            <Link href={`/models/${model.id}`} className="after:absolute after:inset-0 after:rounded-xl">
              {model.name}
            </Link>
          </h2>
          {latest && <Badge tone="accent">{latest.version}</Badge>}
          {Object.entries(model.aliases).map(([alias, version]) => (
            <Badge key={alias}>{t('alias', { alias, version })}</Badge>
          ))}
        </div>
        <p className="truncate text-muted text-sm">
          {latest?.architecture} · {t('versionCount', { count: model.versions.length })}
          {latest && ` · ${format.ago(latest.createdAt)}`}
        </p>
      </div>
      {latest && latest.valAccuracy !== null && (
        <dl className="shrink-0 text-right">
          <dt className="text-muted text-xs">{t('accuracy')}</dt>
          <dd className="tabular font-semibold text-xl">{format.percent(latest.valAccuracy)}</dd>
        </dl>
      )}
    </Card>
  );
}
