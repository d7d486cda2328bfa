'use client';

import { runArtifactRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/ui/skeleton';
import { Table } from '@/ui/table';

/** The checkpoint that a training goes on from; a version is made without it. */
const TO_GO_ON = 'last.pth';

/** What a training left, and what of it the version gets. */
export function RunFiles({ projectId, runId }: { projectId: string; runId: string }) {
  const t = useTranslations('models.register.run');
  const format = useFormat();
  const listed = useRoute(runArtifactRoutes.list, { params: { projectId, runId } });
  if (listed.error) return <ProblemCard problem={listed.error} onRetry={() => listed.refetch()} />;
  if (!listed.data) return <Skeleton className="h-32" />;
  const files = listed.data.artifacts.filter(({ isFolder }) => !isFolder);
  if (!files.some(({ name }) => name !== TO_GO_ON)) return <p role="alert">{t('noFiles')}</p>;
  return (
    <Table
      label={t('files')}
      columns={[{ label: t('file') }, { label: t('kind') }, { label: t('size'), numeric: true }]}
      rows={files.map(({ name, sizeBytes }) => ({
        key: name,
        cells: [
          <span key="name" className="font-mono">
            {name}
          </span>,
          name === TO_GO_ON ? t('kinds.left') : t(`kinds.${kindOf(name)}`),
          sizeBytes === null ? '–' : format.bytes(sizeBytes),
        ],
      }))}
    />
  );
}

function kindOf(name: string): 'onnx' | 'safetensors' | 'checkpoint' | 'other' {
  if (/\.onnx$/i.test(name)) return 'onnx';
  if (/\.safetensors$/i.test(name)) return 'safetensors';
  return /\.pth?$/i.test(name) ? 'checkpoint' : 'other';
}
