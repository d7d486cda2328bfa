'use client';

import { ApiError } from '@mallo/client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

const RETRIES = 2;

/** Where the session has ended, sign in and come back. The client has tried to renew it before. */
export function leaveIfSignedOut(error: Error): void {
  if (!(error instanceof ApiError) || error.status !== 401 || error.code === 'auth.wrong_credentials') return;
  const { pathname, search } = window.location;
  if (pathname === '/login' || pathname === '/register') return;
  window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveIfSignedOut }),
    mutationCache: new MutationCache({ onError: leaveIfSignedOut }),
    defaultOptions: {
      // As `answersAhead` writes them.
      hydrate: { deserializeData: JSON.parse },
      queries: {
        staleTime: 15_000,
        // What the server refuses it refuses again; only silence and faults are worth another try.
        retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && error.status < 500),
      },
    },
  });
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
}
