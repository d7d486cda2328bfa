import { MalloError, QUERY_MAX_ROWS, type QueryTable, type RunCondition } from '@mallo/contracts';
import type { Database } from '../database.js';
import type { PointStore } from '../points/point-store.js';
import type { ProjectsService } from '../tracking/projects.service.js';
import type { TrackingService } from '../tracking/tracking.service.js';
import type { Queries, QueryFile } from './queries.js';

type Format = 'parquet' | 'csv';
type ExportFile = { what: 'points' | 'params'; format: Format };

/** A project with a hundred million points is read in less. */
const QUERY_TIMEOUT_MS = 180_000;

/** What runs logged, as one table: all of it in a file, or what a query of the owner's finds. */
export class ExportService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly tracking: TrackingService,
    private readonly points: PointStore,
    private readonly database: Database,
    private readonly queries: Queries,
  ) {}

  /** @throws MalloError project.not_found, run.not_found, request.too_many, server.disk_full */
  async write(
    userId: string,
    projectId: string,
    { what, format, runId }: ExportFile & { runId?: string | undefined },
    signal: AbortSignal,
  ): Promise<QueryFile> {
    await this.projects.checkOwner(userId, projectId);
    if (runId !== undefined) await this.checkRun(projectId, runId);
    await this.points.settle(runId === undefined ? { projectId } : { runId });
    const runIds = runId === undefined ? null : [runId];
    return this.queries.file({ projectId, runIds, sql: `from ${what}` }, format, { signal });
  }

  /** What `search` finds. @throws MalloError as `write`, run.search_invalid for a filter that cannot be read */
  async writeFound(
    userId: string,
    projectId: string,
    search: RunCondition,
    { what, format }: ExportFile,
    signal: AbortSignal,
  ): Promise<QueryFile> {
    const runIds = await this.tracking.foundIds(userId, projectId, search);
    return this.queries.file({ projectId, runIds, sql: `from ${what}` }, format, { signal });
  }

  /** The first rows that a query finds. @throws MalloError as `Queries`, project.not_found */
  async query(userId: string, projectId: string, sql: string, signal: AbortSignal): Promise<QueryTable> {
    await this.projects.checkOwner(userId, projectId);
    await this.points.settle({ projectId });
    const limits = { signal, timeoutMs: QUERY_TIMEOUT_MS };
    return this.queries.table({ projectId, runIds: null, sql }, QUERY_MAX_ROWS, limits);
  }

  /** All rows that a query finds. @throws MalloError as `Queries`, project.not_found */
  async queryFile(
    userId: string,
    projectId: string,
    { sql, format }: { sql: string; format: Format },
    signal: AbortSignal,
  ): Promise<QueryFile> {
    await this.projects.checkOwner(userId, projectId);
    await this.points.settle({ projectId });
    return this.queries.file({ projectId, runIds: null, sql }, format, { signal, timeoutMs: QUERY_TIMEOUT_MS });
  }

  private async checkRun(projectId: string, runId: string): Promise<void> {
    const rows = await this.database.query(
      `select from telemetry.runs where project_id = $1 and run_id = $2 and lifecycle_stage = 'active'`,
      [projectId, runId],
    );
    if (rows.length === 0) throw new MalloError('run.not_found');
  }
}
