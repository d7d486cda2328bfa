'use client';

import { watchPresence } from '@mallo/client';
import { useEffect, useRef, useState } from 'react';
import { client } from '@/api/client';

/** People who look at a run now, this one among them; null until it is known. `onLog`: its log has more lines. */
export function usePresence(runId: string | null, onLog: () => void): number | null {
  const [watchers, setWatchers] = useState<number | null>(null);
  const latest = useRef(onLog);
  latest.current = onLog;
  useEffect(() => {
    setWatchers(null);
    if (!runId) return;
    return watchPresence(client, runId, { onPresence: setWatchers, onLog: () => latest.current() });
  }, [runId]);
  return watchers;
}
