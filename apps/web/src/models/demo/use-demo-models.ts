'use client';

import { type DemoModels, demoModelRoutes, projectRoutes, registryRoutes } from '@mallo/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { client } from '@/api/client';
import { routeKey, useCall } from '@/api/use-route';
import { isUnderWay } from '../is-under-way';

const LOOK_MS = 1000;

/** The models for trying things out: how far they are, and how to begin them. They go on while one looks elsewhere. */
export function useDemoModels(projectId: string) {
  const queryClient = useQueryClient();
  const request = { params: { projectId } };
  const key = routeKey(demoModelRoutes.state, request);
  const demo = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.call(demoModelRoutes.state, request, { signal }),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.state) ? LOOK_MS : false),
  });
  const tell = { onSuccess: (now: DemoModels) => queryClient.setQueryData(key, now) };
  const start = useCall(demoModelRoutes.start, tell);
  const cancel = useCall(demoModelRoutes.cancel, tell);

  // Each version that is there is listed at once.
  const made = demo.data?.made.length;
  const before = useRef(made);
  useEffect(() => {
    if (made !== undefined && before.current !== undefined && made !== before.current) {
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list, { params: { projectId } }) });
      void queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
    }
    before.current = made;
  }, [made, projectId, queryClient]);

  return {
    data: demo.data,
    state: demo.data?.state ?? 'idle',
    error: demo.error,
    /** Why it could not be begun from here. */
    startError: start.error,
    isStarting: start.isPending,
    start: () => start.mutate(request),
    cancelError: cancel.error,
    isCancelling: cancel.isPending || demo.data?.state === 'cancelling',
    cancel: () => cancel.mutate(request),
  };
}
