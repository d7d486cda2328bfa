'use client';

import { type LinkState, watchProject } from '@mallo/client';
import type { RunsFrame } from '@mallo/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';

/** So many metrics are told of at once. */
const MOST_METRICS = 200;

export type FeedListener = {
  onRuns?: (runs: RunsFrame['runs']) => void;
  /** What changed while nobody was told: ask for it. */
  onMissed?: () => void;
};

/** What is pushed of a project's runs, for everybody on the page who listens. */
export type ProjectFeed = { link: LinkState; listen: (listener: FeedListener) => () => void };

/** Watches a project while the page is open; `metrics` are those whose last points are told. */
export function useProjectFeed(projectId: string | null, metrics: readonly string[]): ProjectFeed {
  const [link, setLink] = useState<LinkState>('connecting');
  const listeners = useRef(new Set<FeedListener>());
  const wanted = JSON.stringify(metrics.slice(0, MOST_METRICS));

  useEffect(() => {
    if (!projectId) return;
    return watchProject(client, projectId, JSON.parse(wanted), {
      onRuns: (runs) => {
        for (const { onRuns } of listeners.current) onRuns?.(runs);
      },
      onJoined: () => {
        for (const { onMissed } of listeners.current) onMissed?.();
      },
      onLink: setLink,
      onError: leaveIfSignedOut,
    });
  }, [projectId, wanted]);

  const listen = useRef((listener: FeedListener) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  });
  return useMemo(() => ({ link, listen: listen.current }), [link]);
}

/** Hears what is pushed for as long as it is shown. */
export function useFeedListener(feed: Pick<ProjectFeed, 'listen'>, listener: FeedListener): void {
  const latest = useRef(listener);
  latest.current = listener;
  const { listen } = feed;
  useEffect(
    () =>
      listen({
        onRuns: (runs) => latest.current.onRuns?.(runs),
        onMissed: () => latest.current.onMissed?.(),
      }),
    [listen],
  );
}
