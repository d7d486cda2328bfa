import { registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { randomKey } from '@/api/random-key';
import { routeKey, useCall } from '@/api/use-route';
import { modelHref } from '../model-href';

/** Registers once, however often it is sent, and goes to the page of the version. */
export function useRegistration(projectId: string) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [key] = useState(randomKey);
  const params = { projectId };
  const register = useCall(registryRoutes.register, {
    onSuccess: (made) => {
      const { modelId, version } = made;
      queryClient.setQueryData(routeKey(registryRoutes.version, { params: { modelId, version } }), made);
      for (const changed of [
        routeKey(registryRoutes.list, { params }),
        routeKey(registryRoutes.storage, { params }),
        routeKey(registryRoutes.nextVersions, { params, query: { name: made.modelName } }),
        routeKey(registryRoutes.get, { params: { modelId } }),
      ]) {
        void queryClient.invalidateQueries({ queryKey: changed });
      }
    },
  });
  type Body = Parameters<typeof register.mutate>[0]['body'];
  const send = (body: Omit<Body, 'key'>) =>
    register.mutate({ params, body: { ...body, key } }, { onSuccess: (made) => router.push(modelHref(made)) });
  return { register, send };
}
