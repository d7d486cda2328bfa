'use client';

import { projectRoutes, type RegistryImport, registryFileRoutes, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, FileArchive } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { randomKey } from '@/api/random-key';
import { routeKey, useCall } from '@/api/use-route';
import { FilePicker } from '@/datasets/drop-zone';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Progress } from '@/ui/progress';
import { type FileUpload, useFileUploads } from '../register/use-file-uploads';

/** Takes over a registry that was exported elsewhere: sent as far as it got when cut, checked whole, then there at once. */
export function ImportDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const t = useTranslations('models.registryFile');
  const queryClient = useQueryClient();
  const { uploads, add, resume, remove } = useFileUploads();
  const [upload] = uploads;
  const [key] = useState(randomKey);
  const { mutate, ...taking } = useCall(registryFileRoutes.import, {
    onSuccess: () => {
      for (const route of [registryRoutes.list, registryRoutes.storage, projectRoutes.list]) {
        void queryClient.invalidateQueries({ queryKey: routeKey(route) });
      }
    },
  });
  const uploadId = upload?.state.status === 'done' ? upload.state.uploadId : null;
  useEffect(() => {
    if (uploadId) mutate({ params: { projectId }, body: { uploadId, key: `${key}${uploadId}`.slice(-64) } });
  }, [uploadId, mutate, projectId, key]);
  const choose = (files: File[]) => {
    taking.reset();
    if (upload) remove(upload.id);
    add(files.slice(0, 1));
  };
  return (
    <Dialog open onOpenChange={onClose} title={t('import')} description={t('text')}>
      <FilePicker accept=".zip,application/zip" label={t('choose')} onFiles={choose}>
        {(open) => (
          <div className="grid grid-cols-1 gap-4">
            {upload && <Sending upload={upload} onResume={() => resume(upload.id)} />}
            {taking.isPending && <p role="status">{t('checking')}</p>}
            {taking.error && <ProblemCard problem={taking.error} />}
            {taking.data ? (
              <>
                <Taken taken={taking.data} />
                <Button variant="primary" onClick={onClose}>
                  {t('toModels')}
                </Button>
              </>
            ) : (
              <Button variant="primary" onClick={open} disabled={taking.isPending}>
                {t(upload ? 'another' : 'choose')}
              </Button>
            )}
          </div>
        )}
      </FilePicker>
    </Dialog>
  );
}

function Sending({ upload: { file, state, sentBytes }, onResume }: { upload: FileUpload; onResume: () => void }) {
  const t = useTranslations('models.registryFile');
  const format = useFormat();
  if (state.status === 'failed') return <ProblemCard title={file.name} problem={state.error} onRetry={onResume} />;
  const sent = state.status === 'done' ? file.size : sentBytes;
  return (
    <div className="grid gap-1.5">
      <p className="flex min-w-0 items-center gap-2">
        <FileArchive aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate">{file.name}</span>
        <span role="status" className="tabular shrink-0 text-muted text-sm">
          {state.status === 'waiting'
            ? t('waiting')
            : t('sent', { sent: format.bytes(sent), total: format.bytes(file.size) })}
        </span>
      </p>
      <Progress label={t('progress')} value={sent} max={file.size} />
    </div>
  );
}

function Taken({ taken: { models, versions, files, sizeBytes, idsKept } }: { taken: RegistryImport }) {
  const t = useTranslations('models.registryFile');
  const format = useFormat();
  return (
    <div role="status" className="flex items-start gap-2">
      <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ok" />
      <div>
        <p>{t('taken', { models, versions, files, size: format.bytes(sizeBytes) })}</p>
        {!idsKept && <p className="text-muted text-sm">{t('newIds')}</p>}
      </div>
    </div>
  );
}
