import { createClient } from '@mallo/client';
import { identityRoutes } from '@mallo/contracts';
import type { TestApi } from './api.js';

/** A program of a person's that speaks MLflow's dialect: what it asks, and what it is answered. */
export type TestProgram = {
  token: string;
  call: (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    form?: Record<string, unknown>,
  ) => Promise<{ status: number; body: Record<string, unknown> }>;
};

/** Makes a token that stands for a project of the person's, and calls with it as MLflow's client does. */
export async function programOf(
  api: TestApi,
  { userId, projectId = api.projectId }: { userId?: string; projectId?: string } = {},
): Promise<TestProgram> {
  const person = userId ? createClient({ baseUrl: api.url, accessToken: await api.tokenOf(userId) }) : api.owner;
  const { token } = await person.call(identityRoutes.createToken, { body: { name: 'a program', projectId } });
  return {
    token,
    call: async (method, path, form = {}) => {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(form)) {
        for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one));
      }
      const isRead = method === 'GET';
      const answer = await fetch(`${api.url}/api/2.0/mlflow/${path}${isRead ? `?${query}` : ''}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(isRead ? {} : { body: JSON.stringify(form) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}
