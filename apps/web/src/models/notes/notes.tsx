'use client';

import { type ModelVersion, registryRoutes } from '@mallo/contracts';
import { History, Pencil } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { MarkdownText } from '@/ui/markdown';
import { Skeleton } from '@/ui/skeleton';
import { NotesEditor } from './notes-editor';

/** The part of the model card that people write, beside what is written by itself. */
export function Notes({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.notes');
  const format = useFormat();
  const { notes } = version;
  // What the editor begins with; null: it is closed.
  const [draft, setDraft] = useState<string | null>(null);
  const [isHistoryShown, setHistoryShown] = useState(false);
  return (
    <Section
      title={t('title')}
      aside={
        draft === null && (
          <div className="flex gap-2">
            {notes && (
              <Button
                size="sm"
                variant="ghost"
                aria-expanded={isHistoryShown}
                onClick={() => setHistoryShown(!isHistoryShown)}
              >
                <History aria-hidden />
                {t('history')}
              </Button>
            )}
            <Button size="sm" onClick={() => setDraft(notes?.text ?? '')}>
              <Pencil aria-hidden />
              {t(notes?.text ? 'edit' : 'write')}
            </Button>
          </div>
        )
      }
    >
      {draft !== null ? (
        <NotesEditor version={version} draft={draft} onClose={() => setDraft(null)} />
      ) : notes?.text ? (
        <div className="grid gap-3 p-4">
          <MarkdownText>{notes.text}</MarkdownText>
          <p className="text-muted text-xs">{t('byAt', { by: notes.by ?? t('gone'), at: format.date(notes.at) })}</p>
        </div>
      ) : (
        <p className="p-4 text-muted">{t('none')}</p>
      )}
      {isHistoryShown && draft === null && (
        <NotesHistory
          version={version}
          onTake={(text) => {
            setDraft(text);
            setHistoryShown(false);
          }}
        />
      )}
    </Section>
  );
}

function NotesHistory({ version, onTake }: { version: ModelVersion; onTake: (text: string) => void }) {
  const t = useTranslations('models.notes');
  const format = useFormat();
  const params = { modelId: version.modelId, version: version.version };
  const history = useRoute(registryRoutes.notesHistory, { params });
  return (
    <div className="border-t px-4 py-3">
      {history.error && <ProblemCard problem={history.error} onRetry={() => history.refetch()} />}
      {history.isPending && <Skeleton className="h-16" />}
      <ol aria-label={t('history')} className="divide-y">
        {history.data?.map(({ id, text, by, at }) => (
          <li key={id} className="flex items-start gap-3 py-2">
            <div className="min-w-0 flex-1">
              <p className="text-muted text-xs">{t('byAt', { by: by ?? t('gone'), at: format.date(at) })}</p>
              <p className="line-clamp-2 text-sm">{text || t('empty')}</p>
            </div>
            <Button size="sm" onClick={() => onTake(text)}>
              {t('take')}
            </Button>
          </li>
        ))}
      </ol>
    </div>
  );
}
