import { z } from 'zod';
import { Job } from './jobs.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { ModelRef } from './runs.js';

/** The models for trying things out: two families of three versions each, trained here, on images made here. */
export const DemoModels = Job.extend({
  /** What is being done now; null unless it is running. A version is trained, then registered: two steps. */
  doing: z
    .strictObject({ what: z.enum(['train', 'register']), family: z.enum(['mobilenet', 'unet']), version: z.int() })
    .nullable(),
  /** The versions that are registered. */
  made: z.array(ModelRef),
});
export type DemoModels = z.infer<typeof DemoModels>;

export const demoModelRoutes = {
  start: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/models/demo',
    summary: 'Train and register the demo models, in the background; nothing is made twice',
    access: 'user',
    params: ProjectParams,
    response: DemoModels,
    errors: ['project.not_found', 'training.python_missing'],
  }),
  cancel: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/models/demo/cancel',
    summary: 'End the making of the demo models, and its process; versions that are registered stay',
    access: 'user',
    params: ProjectParams,
    response: DemoModels,
    errors: ['project.not_found'],
  }),
  state: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/models/demo',
    summary: 'How far the demo models are',
    access: 'user',
    params: ProjectParams,
    response: DemoModels,
    errors: ['project.not_found'],
  }),
};
