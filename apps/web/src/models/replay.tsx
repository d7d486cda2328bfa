'use client';

import { ApiError } from '@mallo/client';
import { conversationRoutes, type Transcript } from '@mallo/contracts';
import { CircleCheck, CircleX, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';

/** Has the conversation understood anew, and says of each config whether it comes out the same. */
export function Replay({ transcript }: { transcript: Transcript }) {
  const t = useTranslations('models.conversation.replay');
  const replay = useCall(conversationRoutes.replay);
  const { conversationId, understoodHash } = transcript;
  const isGone = replay.error instanceof ApiError && replay.error.code === 'conversation.not_found';
  const configs = replay.data?.configs ?? [];
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          size="sm"
          busy={replay.isPending}
          disabled={isGone}
          onClick={() => replay.mutate({ params: { conversationId } })}
        >
          <RotateCcw aria-hidden />
          {t('action')}
        </Button>
        <p className="min-w-0 flex-1 basis-64 text-muted text-sm">{t('text')}</p>
      </div>
      <div aria-live="polite" className="grid grid-cols-1 gap-2">
        {isGone && <p className="text-muted">{t('gone')}</p>}
        {replay.error && !isGone && <ProblemCard problem={replay.error} />}
        {replay.data && configs.length === 0 && <p className="text-muted">{t('nothing')}</p>}
        {configs.length > 0 && (
          <ul aria-label={t('results')} className="grid grid-cols-1 gap-2">
            {configs.map(({ configId, understoodHash: before, replayedHash: now }, index) => {
              const isSame = before === now;
              return (
                <li key={configId} className="flex items-start gap-2">
                  {isSame ? (
                    <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ok" />
                  ) : (
                    <CircleX aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger" />
                  )}
                  <div className="min-w-0">
                    <p>
                      {t(before === understoodHash ? 'thisModel' : 'config', { number: index + 1 })}{' '}
                      <strong className="font-semibold">
                        {t(isSame ? 'identical' : now === null ? 'notUnderstood' : 'different')}
                      </strong>
                    </p>
                    <p className="truncate font-mono text-muted text-xs">
                      {isSame ? before : now === null ? before : `${before.slice(0, 16)} → ${now.slice(0, 16)}`}
                    </p>
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}
