'use client';

import { datasetRoutes } from '@mallo/contracts';
import { MessageSquarePlus } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { useCurrentProject } from '@/projects/use-current-project';
import { Button } from '@/ui/button';

type TrainThisProps = {
  name: string;
  isPrimary?: boolean;
  /** Says its name, where it stands for another one. */
  isInstead?: boolean;
};

/** Opens the chat with a sentence that asks for a training of this model, to be sent or changed. */
export function TrainThis({ name, isPrimary = false, isInstead = false }: TrainThisProps) {
  const t = useTranslations('zoo.train');
  const { project } = useCurrentProject();
  const datasets = useRoute(datasetRoutes.list, project ? { params: { projectId: project.id } } : null);
  const [dataset] = datasets.data ?? [];
  const draft = dataset ? t('sentenceWithData', { name, dataset: dataset.name }) : t('sentence', { name });
  return (
    <Button variant={isPrimary ? 'primary' : 'secondary'} asChild>
      <Link href={project ? `/projects/${project.id}?draft=${encodeURIComponent(draft)}` : '/projects'}>
        <MessageSquarePlus aria-hidden />
        {isInstead ? t('instead', { name }) : t('action')}
      </Link>
    </Button>
  );
}
