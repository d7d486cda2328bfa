'use client';

import { type Project, projectRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Boxes, FolderKanban, Images, Plus, Zap } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Dialog } from '@/ui/dialog';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input } from '@/ui/field';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';

export function ProjectsPage() {
  const t = useTranslations('projects');
  const projects = useRoute(projectRoutes.list, {});
  const [creating, setCreating] = useState(false);
  const isEmpty = projects.data?.length === 0;
  const createButton = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      {t('create')}
    </Button>
  );
  return (
    <Page title={t('title')} description={t('description')} actions={!isEmpty && createButton}>
      {projects.error && <ProblemCard problem={projects.error} onRetry={() => projects.refetch()} />}
      {projects.isPending && (
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <Skeleton className="h-32 rounded-xl" />
          <Skeleton className="h-32 rounded-xl" />
          <Skeleton className="h-32 rounded-xl" />
        </div>
      )}
      {isEmpty && (
        <EmptyState icon={FolderKanban} title={t('empty.title')} text={t('empty.text')}>
          {createButton}
        </EmptyState>
      )}
      {projects.data && !isEmpty && (
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {projects.data.map((project) => (
            <li key={project.id}>
              <ProjectCard project={project} />
            </li>
          ))}
        </ul>
      )}
      <CreateProject open={creating} onOpenChange={setCreating} firstName={isEmpty ? t('firstName') : ''} />
    </Page>
  );
}

function ProjectCard({ project }: { project: Project }) {
  const t = useTranslations('projects');
  const format = useFormat();
  const counts = [
    { icon: Images, text: t('datasets', { count: project.datasetCount }) },
    { icon: Zap, text: t('runs', { count: project.runCount }) },
    { icon: Boxes, text: t('models', { count: project.modelCount }) },
  ];
  return (
    <Card className="group relative h-full p-4 transition-colors hover:border-line-strong">
      <h2 className="truncate font-semibold text-lg">
        <Link href={`/projects/${project.id}`} className="after:absolute after:inset-0 after:rounded-xl">
          {project.name}
        </Link>
      </h2>
      <p className="text-muted text-sm">{t('created', { when: format.ago(project.createdAt) })}</p>
      <ul className="mt-5 flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
        {counts.map(({ icon: Icon, text }) => (
          <li key={text} className="flex items-center gap-1.5">
            <Icon aria-hidden className="size-3.5" />
            {text}
          </li>
        ))}
      </ul>
    </Card>
  );
}

type CreateProjectProps = { open: boolean; onOpenChange: (open: boolean) => void; firstName: string };

function CreateProject({ open, onOpenChange, firstName }: CreateProjectProps) {
  const t = useTranslations('projects');
  const router = useRouter();
  const queryClient = useQueryClient();
  const create = useCall(projectRoutes.create, {
    onSuccess: async (project) => {
      await queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
      router.push(`/projects/${project.id}`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name) create.mutate({ body: { name } });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        create.reset();
        onOpenChange(next);
      }}
      title={t('create')}
      description={t('createHint')}
    >
      <form onSubmit={submit} className="grid gap-4">
        {create.error && <ProblemCard problem={create.error} />}
        <Field label={t('name')}>
          {(control) => <Input {...control} name="name" defaultValue={firstName} maxLength={100} required />}
        </Field>
        <Button type="submit" variant="primary" busy={create.isPending || create.isSuccess}>
          {t('createAction')}
        </Button>
      </form>
    </Dialog>
  );
}
