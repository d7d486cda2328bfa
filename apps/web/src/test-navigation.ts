import { useMemo, useSyncExternalStore } from 'react';
import { vi } from 'vitest';

/**
 * What Next gives pages of their address, from the address of the test's window:
 * `vi.mock('next/navigation', () => import('@/test-navigation'))`.
 */
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', tell);
for (const name of ['pushState', 'replaceState'] as const) {
  const original = window.history[name].bind(window.history);
  window.history[name] = (...change) => {
    original(...change);
    // Next renders the change later, in a transition.
    queueMicrotask(tell);
  };
}

export const params: Record<string, string> = {};
export const router = { push: vi.fn(), replace: vi.fn(), refresh: vi.fn(), prefetch: vi.fn() };

/** Opens an address for the test that follows. */
export function visit(address: string, pathParams: Record<string, string> = {}): void {
  for (const key of Object.keys(params)) delete params[key];
  Object.assign(params, pathParams);
  window.history.replaceState(null, '', address);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSearchParams(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

export const usePathname = () => useSyncExternalStore(subscribe, () => window.location.pathname);
export const useParams = () => params;
export const useRouter = () => router;
