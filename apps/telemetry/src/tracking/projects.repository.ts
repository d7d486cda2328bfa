import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';

/** The projects that telemetry knows, each with its default experiment. */
@Injectable()
export class ProjectsRepository {
  constructor(private readonly database: Database) {}

  async ownerOf(projectId: string): Promise<string | null> {
    const [row] = await this.database.query<{ ownerId: string }>(
      'select owner_id as "ownerId" from telemetry.projects where project_id = $1',
      [projectId],
    );
    return row?.ownerId ?? null;
  }

  add(projectId: string, ownerId: string): Promise<void> {
    return this.database.transaction((client) => addProject(client, projectId, ownerId));
  }
}

/** Makes a project known, with its default experiment; again changes nothing. */
export async function addProject(client: PoolClient, projectId: string, ownerId: string): Promise<void> {
  const added = await client.query(
    'insert into telemetry.projects (project_id, owner_id) values ($1, $2) on conflict do nothing',
    [projectId, ownerId],
  );
  if (added.rowCount === 0) return;
  await client.query(
    `insert into telemetry.experiments (project_id, name, is_default, created_ms, updated_ms)
     values ($1, 'Default', true, $2, $2)`,
    [projectId, Date.now()],
  );
}
