'use client';

import type { MessagePart } from '@mallo/contracts';
import { Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { useDatasetJobs } from './dataset-jobs';
import { FilePicker } from './drop-zone';
import { SampleButtons } from './sample-buttons';

type DatasetActionsProps = {
  projectId: string;
  actions: Extract<MessagePart, { type: 'actions' }>['actions'];
  onFiles: (files: File[]) => void;
};

/** The ways to come by a dataset, as buttons. */
export function DatasetActions({ projectId, actions, onFiles }: DatasetActionsProps) {
  const t = useTranslations('datasets');
  const { makeSample } = useDatasetJobs(projectId);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {actions.includes('upload_dataset') && (
        <FilePicker accept=".zip,application/zip" label={t('choose')} onFiles={onFiles} multiple>
          {(open) => (
            <Button size="sm" variant="primary" onClick={open}>
              <Upload aria-hidden />
              {t('choose')}
            </Button>
          )}
        </FilePicker>
      )}
      {actions.includes('sample_dataset') && <SampleButtons onChoose={makeSample} />}
    </div>
  );
}
