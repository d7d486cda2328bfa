import { z } from 'zod';
import { route } from './route.js';

export const docsRoutes = {
  openapi: route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    access: 'public',
    response: z.record(z.string(), z.unknown()),
  }),
  page: route({
    method: 'GET',
    path: '/api/docs',
    summary: 'This API as a page for people',
    access: 'public',
    response: 'stream',
  }),
  asset: route({
    method: 'GET',
    path: '/api/docs/:file',
    summary: 'A script or style sheet of that page',
    access: 'public',
    params: z.strictObject({
      file: z.enum(['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js', 'favicon-32x32.png']),
    }),
    response: 'stream',
  }),
};
