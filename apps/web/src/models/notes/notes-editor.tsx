'use client';

import { ApiError } from '@mallo/client';
import { type ModelVersion, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { MarkdownText } from '@/ui/markdown';
import { Tab, TabList, TabPanel, Tabs } from '@/ui/tabs';
import { TextArea } from '@/ui/text-area';

type NotesEditorProps = { version: ModelVersion; draft: string; onClose: () => void };

/** Writes the notes; where somebody else has written in the meantime, nothing of theirs is lost. */
export function NotesEditor({ version, draft, onClose }: NotesEditorProps) {
  const t = useTranslations('models.notes');
  const queryClient = useQueryClient();
  const [text, setText] = useState(draft);
  // The notes that were read; those of somebody else only once they were looked at.
  const [after, setAfter] = useState(version.notes?.id ?? null);
  const params = { modelId: version.modelId, version: version.version };
  const key = routeKey(registryRoutes.version, { params });
  const write = useCall(registryRoutes.writeNotes, {
    onSuccess: (changed) => {
      queryClient.setQueryData(key, changed);
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.notesHistory, { params }) });
      onClose();
    },
  });
  const isOvertaken = write.error instanceof ApiError && write.error.code === 'request.conflict';
  const theirs = useRoute(registryRoutes.notesHistory, isOvertaken ? { params } : null);
  const [latest] = theirs.data ?? [];
  return (
    <div className="grid gap-3 p-4">
      {write.error && !isOvertaken && <ProblemCard problem={write.error} />}
      {isOvertaken && latest && (
        <div role="alert" className="grid gap-2 rounded-xl border border-warn-line bg-warn-soft px-4 py-3">
          <p>{t('overtaken', { by: latest.by ?? t('gone') })}</p>
          <p className="max-h-40 overflow-y-auto whitespace-pre-wrap rounded-lg bg-surface p-3 text-sm">
            {latest.text}
          </p>
          <Button
            size="sm"
            className="justify-self-start"
            onClick={() => {
              setAfter(latest.id);
              write.reset();
              void queryClient.invalidateQueries({ queryKey: key });
            }}
          >
            {t('keepMine')}
          </Button>
        </div>
      )}
      <Tabs defaultValue="write">
        <TabList aria-label={t('title')} className="mb-3 px-0">
          <Tab value="write">{t('writing')}</Tab>
          <Tab value="preview">{t('preview')}</Tab>
        </TabList>
        <TabPanel value="write">
          <TextArea
            aria-label={t('text')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            maxLength={100_000}
            rows={8}
          />
          <p className="mt-1.5 text-muted text-sm">{t('hint')}</p>
        </TabPanel>
        <TabPanel value="preview" className="min-h-32">
          {text.trim() ? <MarkdownText>{text}</MarkdownText> : <p className="text-muted">{t('empty')}</p>}
        </TabPanel>
      </Tabs>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          variant="primary"
          busy={write.isPending}
          disabled={isOvertaken}
          onClick={() => write.mutate({ params, body: { text, after } })}
        >
          {t('save')}
        </Button>
      </div>
    </div>
  );
}
