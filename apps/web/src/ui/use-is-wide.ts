'use client';

import { useSyncExternalStore } from 'react';

const QUERY = '(min-width: 1024px)';

/** Whether two panels fit side by side. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(QUERY);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => window.matchMedia(QUERY).matches,
    () => true,
  );
}
