import { z } from 'zod';
import { Id, Timestamp } from './identity.js';
import { ResourceName } from './names.js';
import { route } from './route.js';

export const Project = z.strictObject({
  id: Id,
  name: z.string(),
  createdAt: Timestamp,
  datasetCount: z.int(),
  runCount: z.int(),
  modelCount: z.int(),
});
export type Project = z.infer<typeof Project>;

export const ProjectParams = z.strictObject({ projectId: Id });

export const projectRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects',
    summary: 'My projects, the oldest first',
    access: 'user',
    response: z.array(Project),
  }),
  create: route({
    method: 'POST',
    path: '/api/v1/projects',
    summary: 'Make a project',
    access: 'user',
    body: z.strictObject({ name: ResourceName }),
    response: Project,
    errors: ['project.name_taken'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId',
    summary: 'One project',
    access: 'user',
    params: ProjectParams,
    response: Project,
    errors: ['project.not_found'],
  }),
  owner: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/owner',
    summary: 'Whose a project is, for the other parts of Mallo',
    access: 'service',
    params: ProjectParams,
    response: z.strictObject({ ownerId: Id }),
    errors: ['project.not_found'],
  }),
};
