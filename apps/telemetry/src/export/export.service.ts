import { MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { PointStore } from '../points/point-store.js';
import type { HistoryPage, PlaceInCurve } from '../points/read-history.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { type Rows, type TableFormat, writeTable } from './table-file.js';

type Wanted = { what: 'points' | 'params'; format: TableFormat; runId?: string | undefined };

const MOST_AT_ONCE = 2;
const PAGE_POINTS = 50_000;
const PAGE_NAMES = 1000;

/** What runs logged, as one table in a file. */
@Injectable()
export class ExportService {
  private underWay = 0;

  constructor(
    private readonly projects: ProjectsService,
    private readonly points: PointStore,
    private readonly database: Database,
  ) {}

  /** @throws MalloError project.not_found, run.not_found, request.too_many, server.disk_full */
  async write(userId: string, projectId: string, { what, format, runId }: Wanted) {
    await this.projects.checkOwner(userId, projectId);
    const runIds = await this.runsOf(projectId, runId);
    if (this.underWay >= MOST_AT_ONCE) throw new MalloError('request.too_many', { seconds: 10 });
    this.underWay += 1;
    try {
      return what === 'points'
        ? await writeTable(
            { run_id: 'text', key: 'text', step: 'integer', time: 'time', value: 'number' },
            this.pointRows(runIds),
            format,
          )
        : await writeTable({ run_id: 'text', key: 'text', value: 'text' }, this.paramRows(runIds), format);
    } catch (error) {
      if (error instanceof Error && /No space left on device/.test(error.message)) {
        throw new MalloError('server.disk_full', {}, { cause: error });
      }
      throw error;
    } finally {
      this.underWay -= 1;
    }
  }

  private async runsOf(projectId: string, runId: string | undefined): Promise<string[]> {
    const rows = await this.database.query<{ runId: string }>(
      `select run_id as "runId" from telemetry.runs
        where project_id = $1 and ($2::text is null or run_id = $2) and lifecycle_stage = 'active' order by run_id`,
      [projectId, runId ?? null],
    );
    if (runId !== undefined && rows.length === 0) throw new MalloError('run.not_found');
    return rows.map((row) => row.runId);
  }

  private async *pointRows(runIds: readonly string[]): AsyncGenerator<Rows> {
    for (const runId of runIds) {
      for (let name: string | undefined; ; ) {
        const { metrics } = await this.points.metrics(runId, { search: '', after: name, limit: PAGE_NAMES });
        for (const { key } of metrics) yield* this.curveRows(runId, key);
        name = metrics.at(-1)?.key;
        if (metrics.length < PAGE_NAMES) break;
      }
    }
  }

  private async *curveRows(runId: string, key: string): AsyncGenerator<Rows> {
    let after: PlaceInCurve | null = null;
    do {
      const { points, next }: HistoryPage = await this.points.history({ runId, key }, after, PAGE_POINTS);
      yield [
        points.map(() => runId),
        points.map(() => key),
        points.map(({ step }) => step),
        points.map(({ timeMs }) => timeMs),
        points.map(({ value }) => value),
      ];
      after = next;
    } while (after);
  }

  private async *paramRows(runIds: readonly string[]): AsyncGenerator<Rows> {
    for (let from = 0; from < runIds.length; from += PAGE_NAMES) {
      const rows = await this.database.query<{ runId: string; key: string; value: string }>(
        `select run_id as "runId", key, value from telemetry.run_params where run_id = any($1) order by run_id, key`,
        [runIds.slice(from, from + PAGE_NAMES)],
      );
      yield [rows.map(({ runId }) => runId), rows.map(({ key }) => key), rows.map(({ value }) => value)];
    }
  }
}
