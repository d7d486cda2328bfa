'use client';

import type { Transcript } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyButton } from '@/ui/copy-button';
import { useEditText } from './use-edit-text';

/** From the words to the training: the config that was understood, the changes by hand, the config that was started. */
export function HashChain({ transcript }: { transcript: Transcript }) {
  const t = useTranslations('models.conversation');
  const textOf = useEditText();
  const { turns, configTurn, understoodHash, startedHash, edits } = transcript;
  return (
    <ol aria-label={t('lineage')} className="grid grid-cols-1 gap-4 border-t p-4">
      <Stage label={t('utterance')}>
        <p className="line-clamp-3">{turns[configTurn]?.text}</p>
      </Stage>
      <Stage label={t('understood')}>
        <Hash hash={understoodHash} />
      </Stage>
      <Stage label={t('edits')}>
        {edits.length > 0 ? (
          <ul className="grid gap-0.5">
            {edits.map((edit) => (
              <li key={edit}>{textOf(edit)}</li>
            ))}
          </ul>
        ) : (
          <p className="text-muted">{t('noEdits')}</p>
        )}
      </Stage>
      <Stage label={t('started')} isLast>
        <Hash hash={startedHash} note={startedHash === understoodHash ? t('unchanged') : undefined} />
      </Stage>
    </ol>
  );
}

function Stage({ label, isLast, children }: { label: string; isLast?: boolean; children: ReactNode }) {
  return (
    <li className="relative grid grid-cols-1 gap-0.5 pl-5">
      <span aria-hidden className="absolute top-1.5 left-0 size-2 rounded-full bg-accent-strong" />
      {!isLast && <span aria-hidden className="absolute top-5 -bottom-3 left-[3.5px] w-px bg-line-strong" />}
      <p className="text-muted text-sm">{label}</p>
      <div className="min-w-0">{children}</div>
    </li>
  );
}

function Hash({ hash, note }: { hash: string; note?: string }) {
  const t = useTranslations('models.conversation');
  return (
    <p className="flex items-center gap-1">
      <code title={hash} className="truncate font-mono text-xs">
        {hash}
      </code>
      <CopyButton text={hash} label={t('copyHash')} />
      {note && <span className="shrink-0 text-muted text-sm">{note}</span>}
    </p>
  );
}
