'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useSyncExternalStore } from 'react';

/** How a change is kept: as a step that Back takes back, or in place of what stood there. */
type Step = 'push' | 'replace';

/** Changes some of it; a function is given what is there now, which may be newer than what is shown. */
export type ChangeAddress<T> = (part: Partial<T> | ((now: T) => Partial<T>), step?: Step) => void;

const watchers = new Set<() => void>();

function watch(changed: () => void): () => void {
  watchers.add(changed);
  window.addEventListener('popstate', changed);
  return () => {
    watchers.delete(changed);
    window.removeEventListener('popstate', changed);
  };
}

/**
 * A page's state as it stands in its address, so that it survives Back, a reload, and being sent to somebody. `read` and
 * `write` must not change between renders; `write` sets or deletes its own parameters and leaves others alone.
 */
export function useAddress<T extends object>(
  read: (params: URLSearchParams) => T,
  write: (state: T, params: URLSearchParams) => void,
): [T, ChangeAddress<T>] {
  // Next renders anew after its own navigations; but of two steps back in a row on a busy machine it has shown the first
  // for good, so what counts is the address itself.
  const ofNext = useSearchParams().toString();
  const search = useSyncExternalStore(
    watch,
    () => window.location.search,
    () => ofNext,
  );
  const state = useMemo(() => read(new URLSearchParams(search)), [search, read]);
  const change = useCallback(
    (part: Partial<T> | ((now: T) => Partial<T>), step: Step = 'push') => {
      // From the address itself: two changes may come before the page is rendered anew.
      const params = new URLSearchParams(window.location.search);
      const now = read(params);
      write({ ...now, ...(typeof part === 'function' ? part(now) : part) }, params);
      const address = `${window.location.pathname}?${params}`.replace(/\?$/, '');
      if (step === 'push') window.history.pushState(null, '', address);
      else window.history.replaceState(null, '', address);
      for (const changed of watchers) changed();
    },
    [read, write],
  );
  return [state, change];
}
