'use client';

import { watchPresence } from '@mallo/client';
import { useEffect, useState } from 'react';
import { client } from '@/api/client';

/** From how many browsers and programs a run is looked at now, this one among them; null until it is known. */
export function usePresence(runId: string): number | null {
  const [watchers, setWatchers] = useState<number | null>(null);
  useEffect(() => {
    setWatchers(null);
    return watchPresence(client, runId, { onPresence: setWatchers });
  }, [runId]);
  return watchers;
}
