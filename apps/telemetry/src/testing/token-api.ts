import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@mallo/backend';

export type TokenApi = { url: string; userId: string; projectId: string; authorization: string; close: () => void };

/** The api's two answers by which telemetry knows whose a program's token and a project are: a new person's. */
export async function startTokenApi(): Promise<TokenApi> {
  const [userId, projectId] = [newId('usr'), newId('prj')];
  const api = createServer((request, answer) => {
    const isProgram = request.url === '/api/v1/auth/program';
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(isProgram ? { userId, projectId } : { ownerId: userId }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  return { url, userId, projectId, authorization: 'Bearer mallo_of_a_program', close: () => void api.close() };
}
