import { type liveRoutes, type RouteInput, RunStatus, TrainingConfig } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { trainingParams } from './training-params.js';

export type TrainingToTell = RouteInput<typeof liveRoutes.open>['body'] & { status: RunStatus };

/** What the tracking service is to know of the trainings, and what it is known to know. */
@Injectable()
export class TrainingRecordsRepository {
  constructor(private readonly database: Database) {}

  /** Trainings whose status now is not the one that was told last, the newest first. */
  async untold(): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ id: string }[]>`
      SELECT id FROM mallo.runs WHERE known_status IS DISTINCT FROM status ORDER BY created_at DESC`;
    return rows.map(({ id }) => id);
  }

  /** Null where there is no such run. */
  async get(id: string): Promise<TrainingToTell | null> {
    const include = { project: { include: { owner: true } } };
    const row = await this.database.run.findUnique({ where: { id }, include });
    if (!row) return null;
    const status = RunStatus.parse(row.status);
    return {
      status,
      ownerId: row.project.ownerId,
      projectId: row.projectId,
      training: {
        name: row.name,
        user: row.project.owner.name,
        status,
        createdMs: row.createdAt.getTime(),
        startedMs: row.startedAt?.getTime() ?? null,
        endedMs: row.endedAt?.getTime() ?? null,
        params: trainingParams(TrainingConfig.parse(row.config)),
        tags: {
          'mallo.configHash': row.configHash,
          ...(row.conversationId ? { 'mallo.conversationId': row.conversationId } : {}),
        },
      },
    };
  }

  async noteTold(id: string, status: RunStatus): Promise<void> {
    await this.database.run.update({ where: { id }, data: { knownStatus: status } });
  }
}
