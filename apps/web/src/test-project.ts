import type { Project } from '@mallo/contracts';

/** A project with nothing in it, for tests. */
export const PROJECT: Project = {
  id: 'prj_1',
  name: 'Pets',
  createdAt: '2026-01-02T03:04:05.000Z',
  datasetCount: 0,
  runCount: 0,
  modelCount: 0,
};
