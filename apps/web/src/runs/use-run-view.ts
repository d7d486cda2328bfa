'use client';

import { type LinkState, type RunView, watchRun } from '@mallo/client';
import { projectRoutes, runRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { routeKey } from '@/api/use-route';
import { conversationKey } from '@/chat/conversation-cache';

/** Frames come as fast as batches do; a page drawn four times a second is live to the eye and light on the machine. */
const DRAW_EVERY_MS = 250;

export type Live = { view: RunView | null; link: LinkState; error: Error | null };

export const NOTHING_YET: Live = { view: null, link: 'connecting', error: null };

/** The run as it goes, pushed. Its record and its conversation are fetched anew when they changed. */
export function useRunView(runId: string | null, conversationId: string | null): Live {
  const queryClient = useQueryClient();
  const [live, setLive] = useState<Live>(NOTHING_YET);

  useEffect(() => {
    setLive(NOTHING_YET);
    if (!runId) return;
    let latest: RunView | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      setLive((before) => ({ ...before, view: latest }));
    };
    const stop = watchRun(client, runId, {
      onView: (view) => {
        const isFirst = latest === null;
        latest = view;
        if (isFirst) draw();
        else timer ??= setTimeout(draw, DRAW_EVERY_MS);
      },
      onLink: (link) => setLive((before) => ({ ...before, link })),
      onRunChanged: () => {
        void queryClient.invalidateQueries({ queryKey: routeKey(runRoutes.get, { params: { runId } }) });
        // Its counts: a run that ends well leaves a model.
        void queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
        if (conversationId) void queryClient.invalidateQueries({ queryKey: conversationKey(conversationId) });
      },
      onError: (error) => {
        leaveIfSignedOut(error);
        setLive((before) => ({ ...before, error }));
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [runId, conversationId, queryClient]);

  return live;
}
