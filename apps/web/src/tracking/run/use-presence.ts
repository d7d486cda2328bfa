'use client';

import { watchPresence } from '@mallo/client';
import { useEffect, useState } from 'react';
import { client } from '@/api/client';

/** People who look at a run now, this one among them; null until it is known. */
export function usePresence(runId: string): number | null {
  const [watchers, setWatchers] = useState<number | null>(null);
  useEffect(() => {
    setWatchers(null);
    return watchPresence(client, runId, { onPresence: setWatchers });
  }, [runId]);
  return watchers;
}
