'use client';

import { conversationRoutes } from '@mallo/contracts';
import { useParams, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useCurrentProject } from '@/projects/use-current-project';
import { LiveRun } from '@/runs/live-run';
import { ProgressPanel } from '@/runs/progress-panel';
import { readRun, type ShowRun, withRun } from '@/runs/run-point';
import { Button } from '@/ui/button';
import { PageHeading } from '@/ui/page-heading';
import { Segmented } from '@/ui/segmented';
import { useIsWide } from '@/ui/use-is-wide';
import { ChatPanel } from './chat-panel';
import type { ConversationView } from './conversation-cache';

function latestRun(conversation: ConversationView | undefined): string | null {
  const runs = conversation?.messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'run' || part.type === 'result' ? part.runId : [])),
  );
  return runs?.at(-1) ?? null;
}

/** The chat, and beside it the training it is about. */
export function ChatPage() {
  const t = useTranslations('chat');
  const { projectId, conversationId } = useParams<{ projectId: string; conversationId?: string }>();
  const router = useRouter();
  const search = useSearchParams();
  const isWide = useIsWide();
  const { project, projects } = useCurrentProject();
  const conversation = useRoute(conversationRoutes.get, conversationId ? { params: { conversationId } } : null);
  const [view, setView] = useState<'chat' | 'progress'>('chat');
  const [isPanelOpen, setPanelOpen] = useState(true);

  const shown = readRun(search);
  const runId = shown.runId ?? latestRun(conversation.data);
  const showRun: ShowRun = (chosen, point) => {
    setPanelOpen(true);
    setView('progress');
    router.replace(`?${withRun(search, chosen, point)}`, { scroll: false });
  };

  const chat = (
    <ChatPanel
      projectId={projectId}
      conversationId={conversationId}
      conversation={conversation}
      draft={search.get('draft') ?? undefined}
      onShowRun={showRun}
    />
  );
  const progress = runId && conversationId && (
    <ProgressPanel
      key={runId}
      runId={runId}
      point={shown.point}
      onForgetPoint={() => router.replace(`?${withRun(search, runId)}`, { scroll: false })}
      onClose={isWide ? () => setPanelOpen(false) : undefined}
    />
  );
  if (projects.data && !project) {
    return (
      <div className="p-6">
        <PageHeading title={t('title')} className="sr-only" />
        <p className="text-muted">{t('noSuchProject')}</p>
        <Button className="mt-4" onClick={() => router.push('/projects')}>
          {t('toProjects')}
        </Button>
      </div>
    );
  }
  return (
    <LiveRun runId={runId} conversationId={conversationId ?? null}>
      <div className="flex h-13 shrink-0 items-center gap-3 border-b px-4 sm:px-6">
        <PageHeading
          title={conversation.data?.title || t(conversationId ? 'untitled' : 'newTitle')}
          className="min-w-0 truncate font-semibold"
        />
        <div className="ml-auto shrink-0">
          {progress && !isWide && (
            <Segmented
              label={t('view')}
              value={view}
              onValueChange={setView}
              options={[
                { value: 'chat', label: t('title') },
                { value: 'progress', label: t('progress') },
              ]}
            />
          )}
          {progress && isWide && !isPanelOpen && (
            <Button size="sm" onClick={() => setPanelOpen(true)}>
              {t('showProgress')}
            </Button>
          )}
        </div>
      </div>
      {projects.error && <ProblemCard problem={projects.error} className="m-4" />}
      {isWide ? (
        <Group orientation="horizontal" className="min-h-0 flex-1">
          <Panel id="chat" defaultSize="60" minSize="34" className="flex flex-col">
            {chat}
          </Panel>
          {progress && isPanelOpen && (
            <>
              <Separator
                aria-label={t('resize')}
                className="w-px bg-line transition-colors hover:bg-accent-strong focus-visible:bg-accent-strong"
              />
              <Panel id="progress" defaultSize="40" minSize="30" className="flex flex-col">
                {progress}
              </Panel>
            </>
          )}
        </Group>
      ) : progress && view === 'progress' ? (
        progress
      ) : (
        chat
      )}
    </LiveRun>
  );
}
