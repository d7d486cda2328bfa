import { newId } from '@mallo/backend';
import { type Client, createClient } from '@mallo/client';
import { liveRoutes, type RunSearch, type TrainingRecord, trackingRoutes } from '@mallo/contracts';
import type pg from 'pg';
import { tokens } from './telemetry.js';
import type { TokenApi } from './token-api.js';

export type Project = { projectId: string; ownerId: string; owner: Client; service: Client };

/** A person with a project that telemetry does not know yet; with an api, those whose token it knows. */
export async function newProject(telemetry: { url: string }, api?: TokenApi): Promise<Project> {
  const { projectId, userId: ownerId } = api ?? { projectId: newId('prj'), userId: newId('usr') };
  const baseUrl = telemetry.url;
  const owner = createClient({ baseUrl, accessToken: await tokens.sign({ kind: 'user', userId: ownerId }) });
  const service = createClient({ baseUrl, accessToken: await tokens.sign({ kind: 'service' }) });
  return { projectId, ownerId, owner, service };
}

export function trainingRecord(change: Partial<TrainingRecord> = {}): TrainingRecord {
  return {
    name: 'pets-resnet18',
    user: '말로',
    status: 'queued',
    createdMs: 1000,
    startedMs: null,
    endedMs: null,
    params: {},
    tags: {},
    ...change,
  };
}

/** A training as the api tells of it, with where its curves stand. @returns its id */
export async function addTraining(
  { service, projectId, ownerId }: Project,
  change: Partial<TrainingRecord> = {},
  runId = newId('run'),
): Promise<string> {
  await service.call(liveRoutes.open, {
    params: { runId },
    body: { ownerId, projectId, training: trainingRecord(change) },
  });
  return runId;
}

/** Where a run's curves stand. */
export async function setLatest(database: pg.Pool, runId: string, metrics: Record<string, number>): Promise<void> {
  await database.query(
    `insert into telemetry.latest_points (run_id, key, step, time_ms, value, count)
     select $1, key, 7, 1007, value, 1 from unnest($2::text[], $3::float8[]) as given (key, value)`,
    [runId, Object.keys(metrics), Object.values(metrics)],
  );
}

/** Searches the project's runs. */
export function search({ owner, projectId }: Project, asked: Partial<RunSearch> = {}) {
  const columns = { metrics: [], params: [], tags: [] };
  const body = { experimentIds: [], filter: '', orderBy: [], columns, limit: 100, ...asked };
  return owner.call(trackingRoutes.search, { params: { projectId }, body });
}
