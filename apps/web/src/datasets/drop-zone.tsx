'use client';

import { FolderUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react';
import { cn } from '@/ui/cn';

type FileDropProps = {
  onFiles: (files: File[]) => void;
  label: string;
  children: ReactNode;
  className?: string;
  testId?: string;
};

/** Takes files dropped anywhere on its children, and says so while they hover. */
export function FileDrop({ onFiles, label, children, className, testId = 'dataset-drop' }: FileDropProps) {
  const [over, setOver] = useState(false);
  // Moving over a child leaves the parent first; only when all were left is it over.
  const depth = useRef(0);
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; a button beside it does the same.
    <div
      className={cn('relative', className)}
      data-testid={testId}
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!holdsFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      }}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="fade-in-0 pointer-events-none absolute inset-2 z-30 grid animate-in place-items-center rounded-2xl border-2 border-accent-strong border-dashed bg-accent-soft/90">
          <p className="flex items-center gap-2.5 font-semibold text-accent text-lg">
            <FolderUp aria-hidden className="size-5" />
            {label}
          </p>
        </div>
      )}
    </div>
  );
}

type FilePickerProps = {
  accept: string;
  label: string;
  onFiles: (files: File[]) => void;
  multiple?: boolean;
  children: (open: () => void) => ReactNode;
};

/** A file dialog behind a control of one's own. */
export function FilePicker({ accept, label, onFiles, multiple = false, children }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  return (
    <>
      <input
        ref={input}
        id={id}
        type="file"
        accept={accept}
        multiple={multiple}
        aria-label={label}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // So that choosing the same file again is a change again.
          event.target.value = '';
        }}
      />
      {children(() => input.current?.click())}
    </>
  );
}

/** The large area of the datasets page. */
export function DatasetDropArea({ onFiles, children }: { onFiles: (files: File[]) => void; children?: ReactNode }) {
  const t = useTranslations('datasets');
  return (
    <FilePicker accept=".zip,application/zip" label={t('choose')} onFiles={onFiles} multiple>
      {(open) => (
        <div className="grid justify-items-center gap-3 rounded-xl border border-line-strong border-dashed bg-surface px-6 py-9 text-center">
          <FolderUp aria-hidden className="size-6 text-muted" />
          <p className="max-w-md">
            <button type="button" onClick={open} className="font-semibold text-accent underline underline-offset-4">
              {t('choose')}
            </button>{' '}
            {t('orDrop')}
          </p>
          <p className="max-w-md text-muted text-sm">{t('zipHint')}</p>
          {children}
        </div>
      )}
    </FilePicker>
  );
}
