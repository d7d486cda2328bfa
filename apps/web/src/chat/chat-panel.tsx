'use client';

import { ArrowDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { StickToBottom, type StickToBottomContext, useStickToBottomContext } from 'use-stick-to-bottom';
import { DatasetActions } from '@/datasets/dataset-actions';
import { DatasetJobCard } from '@/datasets/dataset-job-card';
import { useDatasetJobs } from '@/datasets/dataset-jobs';
import { FileDrop } from '@/datasets/drop-zone';
import { ProblemCard } from '@/errors/problem-card';
import type { ShowRun } from '@/runs/run-point';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { Answered } from './answered';
import type { ConversationView } from './conversation-cache';
import { type MessageContext, MessageView } from './message-view';
import { stopWaiting, useMessagesOnTheWay } from './outbox';
import { Outgoing } from './outgoing';
import { PromptInput } from './prompt-input';
import { useSay } from './use-say';
import { Welcome } from './welcome';

type ChatPanelProps = {
  projectId: string;
  conversationId: string | undefined;
  conversation: { data?: ConversationView; error: Error | null; isPending: boolean; refetch: () => unknown };
  /** A sentence that is filled in, not sent. */
  draft?: string;
  onShowRun: ShowRun;
};

export function ChatPanel({ projectId, conversationId, conversation, draft, onShowRun }: ChatPanelProps) {
  const t = useTranslations('chat');
  const { say: send, sendAgain, isBeginning, error } = useSay(projectId, conversationId);
  const scroll = useRef<StickToBottomContext>(null);
  const say = (text: string) => {
    // Whatever was being looked at, what one says and its answer are to be seen.
    void scroll.current?.scrollToBottom();
    return send(text);
  };
  const { jobs, upload, retry, dismiss } = useDatasetJobs(projectId);
  const messages = conversation.data?.messages ?? [];
  const onTheWay = useMessagesOnTheWay(conversationId, messages);
  const awaited = onTheWay.find(({ state }) => state === 'answering' || state === 'reconnecting');
  const context: MessageContext = {
    projectId,
    conversationId,
    messages,
    configs: conversation.data?.configs ?? [],
    onSay: say,
    onShowRun,
    onFiles: upload,
  };
  const isNew = !conversationId || (conversation.data && messages.length === 0 && onTheWay.length === 0);
  // Uploads are told where they happened in the conversation.
  const entries = [
    ...messages.map((message) => ({ type: 'message' as const, atMs: Date.parse(message.createdAt), message })),
    ...jobs.map((job) => ({ type: 'job' as const, atMs: job.startedAtMs, job })),
  ].toSorted((a, b) => a.atMs - b.atMs);

  return (
    <FileDrop onFiles={upload} label={t('dropHere')} className="flex min-h-0 flex-1 flex-col">
      <StickToBottom contextRef={scroll} className="relative min-h-0 flex-1" resize="smooth" initial="instant">
        <StickToBottom.Content
          scrollClassName="relative [scrollbar-gutter:auto]!"
          className="mx-auto w-full max-w-3xl px-4 pt-4 pb-8 sm:px-6"
        >
          {isNew && (
            <Welcome projectId={projectId} isAlone={entries.length === 0} onSay={say}>
              <DatasetActions projectId={projectId} actions={['upload_dataset', 'sample_dataset']} onFiles={upload} />
            </Welcome>
          )}
          {conversation.error && (
            <ProblemCard problem={conversation.error} onRetry={() => conversation.refetch()} className="my-4" />
          )}
          {conversationId && conversation.isPending && !conversation.error && <MessagesSkeleton />}
          <ol aria-label={t('messages')} className="grid grid-cols-1 gap-6">
            {entries.map((entry) =>
              entry.type === 'message' ? (
                <MessageView
                  key={entry.message.id}
                  message={entry.message}
                  isLast={entry.message.id === messages.at(-1)?.id && onTheWay.length === 0}
                  context={context}
                />
              ) : (
                <li key={`job ${entry.job.id}`} className={messages.length > 0 ? 'sm:pl-9' : undefined}>
                  <DatasetJobCard
                    job={entry.job}
                    onRetry={() => retry(entry.job)}
                    onDismiss={() => dismiss(entry.job.id)}
                  />
                </li>
              ),
            )}
            {onTheWay.map((message) => (
              <Outgoing
                key={message.clientId}
                message={message}
                onAgain={() => sendAgain(message)}
                onShowRun={onShowRun}
              />
            ))}
          </ol>
          {error && <ProblemCard problem={error} className="mt-4" />}
          <Answered onTheWay={onTheWay} />
        </StickToBottom.Content>
        <ToNewest />
      </StickToBottom>
      <div className="mx-auto w-full max-w-3xl shrink-0 px-4 pb-4 sm:px-6">
        <PromptInput
          // A draft that comes while the page is open takes the place of what stands there.
          key={draft}
          draft={draft}
          busy={isBeginning}
          onStop={awaited && (() => stopWaiting(awaited))}
          onSend={say}
          onFiles={upload}
        />
      </div>
    </FileDrop>
  );
}

function ToNewest() {
  const t = useTranslations('chat');
  const { isAtBottom, scrollToBottom } = useStickToBottomContext();
  if (isAtBottom) return null;
  return (
    <Button
      size="icon"
      aria-label={t('toNewest')}
      onClick={() => void scrollToBottom()}
      className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full"
    >
      <ArrowDown aria-hidden />
    </Button>
  );
}

function MessagesSkeleton() {
  return (
    <div className="grid gap-6 py-2">
      <Skeleton className="ml-auto h-10 w-1/2 rounded-2xl" />
      <Skeleton className="h-64 rounded-xl" />
    </div>
  );
}
