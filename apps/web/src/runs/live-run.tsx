'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { type Live, NOTHING_YET, useRunView } from './use-run-view';

const LiveContext = createContext<Live>(NOTHING_YET);

type LiveRunProps = { runId: string | null; conversationId: string | null; children: ReactNode };

/**
 * Watches a run for all of the page, whether or not its panel is open: the chat is to hear how it ended.
 * Only what asks for the run is drawn anew as it goes.
 */
export function LiveRun({ runId, conversationId, children }: LiveRunProps) {
  return <LiveContext value={useRunView(runId, conversationId)}>{children}</LiveContext>;
}

export function useLiveRun(): Live {
  return useContext(LiveContext);
}
