import { z } from 'zod';
import { EngineState } from './parse.js';
import { route } from './route.js';

export const systemRoutes = {
  health: route({
    method: 'GET',
    path: '/api/v1/health',
    summary: 'Whether the api and its database answer',
    access: 'public',
    response: z.strictObject({ status: z.literal('ok'), version: z.string() }),
    errors: ['server.unavailable'],
  }),
  understanding: route({
    method: 'GET',
    path: '/api/v1/understanding',
    summary: 'Which engine understands messages, and what it used today',
    access: 'user',
    response: EngineState,
    errors: ['server.unavailable'],
  }),
  machine: route({
    method: 'GET',
    path: '/api/v1/machine',
    summary: 'What this machine trains with',
    access: 'user',
    response: z.strictObject({
      cpuCount: z.int(),
      memoryBytes: z.int(),
      /** Absent until the Python environment was asked. */
      torch: z.string().optional(),
      gpus: z.array(z.strictObject({ name: z.string(), memoryBytes: z.int() })),
    }),
  }),
};
