'use client';

import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import type { ShowRun } from '@/runs/run-point';
import { Button } from '@/ui/button';
import { AnswerText } from './answer';
import { AssistantMessage, UserMessage } from './message-view';
import type { OutgoingMessage } from './outbox';

type OutgoingProps = { message: OutgoingMessage; onAgain: () => void; onShowRun: ShowRun };

/** A message that was said, and its answer while it is written. */
export function Outgoing({ message, onAgain, onShowRun }: OutgoingProps) {
  const t = useTranslations('chat');
  const { text, state, sentences, error } = message;
  return (
    <>
      <UserMessage text={text} />
      {state === 'failed' && error ? (
        <li>
          <ProblemCard problem={error} onRetry={onAgain} />
        </li>
      ) : (
        <AssistantMessage>
          <div className="grid">
            {/* Sentences are read out one by one as they are added; the stored answer that takes their place is not. */}
            <div aria-live="polite" aria-relevant="additions">
              {sentences.length > 0 && <AnswerText sentences={sentences} onShowRun={onShowRun} />}
            </div>
            <div className={sentences.length > 0 ? 'mt-3' : undefined}>
              {state === 'stopped' ? (
                <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
                  <p className="text-muted">{t('stopped')}</p>
                  <Button size="sm" onClick={onAgain}>
                    {t('showAnswer')}
                  </Button>
                </div>
              ) : (
                <p role="status" className="flex items-center gap-2 text-muted">
                  <LoaderCircle aria-hidden className="size-4 animate-spin" />
                  {state === 'reconnecting' ? t('reconnecting') : t(sentences.length > 0 ? 'writing' : 'reading')}
                </p>
              )}
            </div>
          </div>
        </AssistantMessage>
      )}
    </>
  );
}
