'use client';

import { CircleCheck, FileBox, FolderUp, Unplug, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import { FileDrop, FilePicker } from '@/datasets/drop-zone';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Progress } from '@/ui/progress';
import { type FileProblem, fileProblem, MODEL_FILES } from './file-problem';
import type { FileUpload, FileUploads } from './use-file-uploads';

type FileListProps = { files: FileUploads; problem: string | null };

/** Where the files of a model are chosen or dropped, and how far each has come. */
export function FileList({ files, problem }: FileListProps) {
  const t = useTranslations('models.register.files');
  const id = useId();
  const chooser = useRef<HTMLButtonElement>(null);
  const [refused, setRefused] = useState<{ name: string; problem: FileProblem }[]>([]);

  const take = (chosen: File[]) => {
    const there = files.uploads.map(({ file }) => file);
    const taken: File[] = [];
    const wrong: typeof refused = [];
    for (const file of chosen) {
      const found = fileProblem(file, [...there, ...taken]);
      if (found) wrong.push({ name: file.name, problem: found });
      else taken.push(file);
    }
    setRefused(wrong);
    files.add(taken);
  };
  return (
    <Section title={t('title')}>
      <FileDrop onFiles={take} label={t('drop')} testId="model-drop">
        <FilePicker accept={MODEL_FILES.join(',')} label={t('choose')} onFiles={take} multiple>
          {(open) => (
            <div className="grid grid-cols-1 gap-4 p-4">
              <div className="grid justify-items-center gap-2 rounded-xl border border-line-strong border-dashed px-6 py-8 text-center">
                <FolderUp aria-hidden className="size-6 text-muted" />
                <p>
                  <button
                    ref={chooser}
                    type="button"
                    onClick={open}
                    aria-describedby={`${id}-hint${problem ? ` ${id}-problem` : ''}`}
                    data-invalid={problem ? true : undefined}
                    className="font-semibold text-accent underline underline-offset-4"
                  >
                    {t('choose')}
                  </button>{' '}
                  {t('orDrop')}
                </p>
                <p id={`${id}-hint`} className="max-w-lg text-muted text-sm">
                  {t('hint', { extensions: MODEL_FILES.join(' ') })}
                </p>
              </div>
              {problem && (
                <p id={`${id}-problem`} role="alert" className="text-danger text-sm">
                  {problem}
                </p>
              )}
              {refused.length > 0 && (
                <ul role="alert" className="grid gap-1 text-danger text-sm">
                  {refused.map(({ name, problem: found }, index) => (
                    <li key={index}>{t(`refused.${found}`, { name })}</li>
                  ))}
                </ul>
              )}
              {files.uploads.length > 0 && (
                <ul aria-label={t('list')} className="grid grid-cols-1 gap-3">
                  {files.uploads.map((upload) => (
                    <li key={upload.id}>
                      <FileRow
                        upload={upload}
                        onResume={() => files.resume(upload.id)}
                        onRemove={() => {
                          files.remove(upload.id);
                          // The button that was pressed is gone.
                          chooser.current?.focus();
                        }}
                      />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )}
        </FilePicker>
      </FileDrop>
    </Section>
  );
}

const ICONS = { sending: FileBox, waiting: Unplug, done: CircleCheck };
const TONES = { sending: 'text-muted', waiting: 'text-warn', done: 'text-ok' };

type FileRowProps = { upload: FileUpload; onResume: () => void; onRemove: () => void };

function FileRow({ upload: { file, sentBytes, state }, onResume, onRemove }: FileRowProps) {
  const t = useTranslations('models.register.files');
  const format = useFormat();
  const { name, size } = file;
  if (state.status === 'failed') {
    return (
      <ProblemCard title={name} problem={state.error} onRetry={onResume}>
        <Button size="sm" variant="ghost" aria-label={t('remove', { name })} onClick={onRemove}>
          {t('removeShort')}
        </Button>
      </ProblemCard>
    );
  }
  const Icon = ICONS[state.status];
  const isDone = state.status === 'done';
  return (
    <div className="flex items-center gap-3">
      <Icon aria-hidden className={`size-5 shrink-0 ${TONES[state.status]}`} />
      <div className="grid min-w-0 flex-1 grid-cols-1 gap-1.5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <p className="min-w-0 truncate font-medium font-mono text-sm">{name}</p>
          <p className="tabular shrink-0 text-muted text-sm">
            {/* The bar tells how far it is; only a change of what goes on is read aloud. */}
            <span role="status">{t(`states.${state.status}`)}</span>
            {' · '}
            {isDone ? format.bytes(size) : t('sent', { sent: format.bytes(sentBytes), total: format.bytes(size) })}
          </p>
        </div>
        {!isDone && (
          <Progress
            label={t('progress', { name })}
            value={sentBytes}
            max={size}
            tone={state.status === 'waiting' ? 'neutral' : 'accent'}
          />
        )}
      </div>
      <Button size="icon" variant="ghost" aria-label={t(isDone ? 'remove' : 'cancel', { name })} onClick={onRemove}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
