import { z } from 'zod';
import { Id } from './identity.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';

/** After how many days; null: never, which is so until somebody says otherwise. */
const Days = z.int().min(0).max(36_500).nullable();

export const RetentionSettings = z.strictObject({
  /** Runs and logged models that were deleted so long ago are removed for good, with their files. */
  deletedDays: Days,
  /** Log lines and curves of the machine (`system/…`) of runs that ended so long ago are removed. */
  detailDays: Days,
});
export type RetentionSettings = z.infer<typeof RetentionSettings>;

/** One pass over a project, the last or the one under way. */
export const RetentionPass = z.strictObject({
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  beganMs: z.int(),
  endedMs: z.int().nullable(),
  /** Runs and logged models removed for good. */
  removed: z.int(),
  /** Runs whose details were removed. */
  trimmed: z.int(),
  freedBytes: z.int(),
});
export type RetentionPass = z.infer<typeof RetentionPass>;

export const Retention = z.strictObject({ settings: RetentionSettings, pass: RetentionPass.nullable() });
export type Retention = z.infer<typeof Retention>;

/** What a project's runs hold now. */
export const RetainedBytes = z.strictObject({
  pointBytes: z.int(),
  logBytes: z.int(),
  /** Files that runs and logged models left, and the folders in which trainings ran. */
  fileBytes: z.int(),
  /** Of deleted runs, which can be restored until they are removed; their files are not counted. */
  deleted: z.strictObject({ runs: z.int(), bytes: z.int() }),
});
export type RetainedBytes = z.infer<typeof RetainedBytes>;

const ERRORS = ['project.not_found'] as const;

export const retentionRoutes = {
  get: route({
    method: 'GET',
    path: '/live/v1/projects/:projectId/retention',
    summary: 'How long a project keeps what its runs logged, and the last pass over it',
    access: 'user',
    params: ProjectParams,
    response: Retention,
    errors: ERRORS,
  }),
  set: route({
    method: 'PUT',
    path: '/live/v1/projects/:projectId/retention',
    summary: 'Say how long a project keeps what its runs logged',
    access: 'user',
    params: ProjectParams,
    body: RetentionSettings,
    response: Retention,
    errors: ERRORS,
  }),
  held: route({
    method: 'GET',
    path: '/live/v1/projects/:projectId/retention/held',
    summary: 'What the runs of a project hold, in bytes',
    access: 'user',
    params: ProjectParams,
    response: RetainedBytes,
    errors: ERRORS,
  }),
  begin: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/retention/pass',
    summary: 'Remove now what is past its time; while a pass is under way it goes on',
    access: 'user',
    params: ProjectParams,
    response: Retention,
    errors: ERRORS,
  }),
  cancel: route({
    method: 'DELETE',
    path: '/live/v1/projects/:projectId/retention/pass',
    summary: 'End the pass that is under way; what it has removed stays removed',
    access: 'user',
    params: ProjectParams,
    response: Retention,
    errors: ERRORS,
  }),
};

/** Files of runs, for the other parts of Mallo. */
export const runFileRoutes = {
  held: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/run-files',
    summary:
      'What the files of a project’s runs and logged models take, the same content once, and the folders of its trainings',
    access: 'service',
    params: ProjectParams,
    response: z.strictObject({ heldBytes: z.int() }),
  }),
  free: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/run-files/free',
    summary: 'Let go of all files of runs and logged models that were removed; again changes nothing',
    access: 'service',
    params: ProjectParams,
    body: z.strictObject({
      /** Mallo's own trainings among them. */
      runIds: z.array(Id).max(1000),
      /** Their folders, from the project's artifact root. */
      folders: z.array(z.string().min(1)).max(1000),
    }),
    response: z.strictObject({ freedBytes: z.int() }),
  }),
};
