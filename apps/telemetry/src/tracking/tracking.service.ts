import { SearchSyntaxError } from '@mallo/backend';
import {
  type Experiment,
  MalloError,
  type RouteInput,
  type RouteOutput,
  type RunCondition,
  type RunPage,
  type RunSearch,
  type TrainingRecord,
  type trackingRoutes,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { PointStore } from '../points/point-store.js';
import { ProjectsService } from './projects.service.js';
import { withLogged } from './run-rows.js';
import { RunSearchRepository } from './run-search.repository.js';
import { TrackedRunsRepository } from './tracked-runs.repository.js';
import { TrainingsRepository } from './trainings.repository.js';

type KeysWanted = RouteInput<typeof trackingRoutes.keys>['query'];

/** Experiments and runs, whoever ran them, for the people whose they are. */
@Injectable()
export class TrackingService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly trainings: TrainingsRepository,
    private readonly runs: TrackedRunsRepository,
    private readonly found: RunSearchRepository,
    private readonly points: PointStore,
  ) {}

  open(runId: string, ownerId: string, projectId: string, training?: TrainingRecord): Promise<void> {
    return this.trainings.open(runId, ownerId, projectId, training);
  }

  filesChanged(projectId: string, runId: string): Promise<void> {
    return this.runs.filesChanged(projectId, runId);
  }

  /** @throws MalloError project.not_found */
  async experiments(userId: string, projectId: string): Promise<Experiment[]> {
    await this.projects.checkOwner(userId, projectId);
    return this.runs.experiments(projectId);
  }

  /** @throws MalloError project.not_found, run.search_invalid for a filter or an order, request.invalid for a cursor */
  async search(userId: string, projectId: string, search: RunSearch): Promise<RunPage> {
    await this.projects.checkOwner(userId, projectId);
    await this.points.settle({ projectId });
    const query = queryOf(projectId, search);
    return readable(async () => {
      const { orderBy, limit, cursor, columns } = search;
      const [{ rows, nextCursor }, total] = await Promise.all([
        this.found.page({ ...query, orderBy, limit, cursor }),
        this.found.count(query),
      ]);
      const ids = rows.map(({ id }) => id);
      const runs = withLogged(rows, await this.found.logged(ids, columns));
      return { runs: runs.map(({ projectId: _, ...run }) => run), total, nextCursor };
    });
  }

  /** All runs that a search finds. @throws MalloError project.not_found, run.search_invalid */
  async foundIds(userId: string, projectId: string, search: RunCondition): Promise<string[]> {
    await this.projects.checkOwner(userId, projectId);
    await this.points.settle({ projectId });
    return readable(() => this.found.ids(queryOf(projectId, search)));
  }

  /** @throws MalloError project.not_found */
  async keys(userId: string, projectId: string, wanted: KeysWanted): Promise<{ keys: string[]; total: number }> {
    await this.projects.checkOwner(userId, projectId);
    if (wanted.kind === 'metrics') await this.points.settle({ projectId });
    return this.runs.keys(projectId, wanted.kind, wanted.search, wanted.limit);
  }

  /** @throws MalloError run.not_found, also when it is someone else's */
  async run(userId: string, runId: string): Promise<RouteOutput<typeof trackingRoutes.run>> {
    const row = await this.runs.run(runId);
    if (row?.ownerId !== userId) throw new MalloError('run.not_found');
    const { ownerId, ...run } = row;
    const [counts, logged] = await Promise.all([
      this.points.counts(runId),
      this.found.logged([runId], { metrics: [], params: 'all', tags: 'all' }),
    ]);
    const [record] = withLogged([run], logged);
    if (!record) throw new MalloError('run.not_found');
    return { ...record, metricCount: counts.metrics, logLineCount: counts.lines };
  }
}

function queryOf(projectId: string, { experimentIds, filter, runIds, statuses, kinds }: RunCondition) {
  return {
    projectId,
    experimentIds: experimentIds.length > 0 ? experimentIds : null,
    filter,
    only: { runIds, statuses, kinds },
    lifecycleStages: ['active' as const],
  };
}

/** What a search finds. @throws MalloError run.search_invalid, request.invalid where its words cannot be read */
async function readable<T>(search: () => Promise<T>): Promise<T> {
  try {
    return await search();
  } catch (error) {
    if (error instanceof SearchSyntaxError) throw refusalOf(error);
    throw error;
  }
}

/** What a search that is not understood says to people; its own words are MLflow's. */
function refusalOf({ message }: SearchSyntaxError): MalloError {
  if (!/page token/.test(message)) return new MalloError('run.search_invalid', { detail: message });
  const problem = { en: 'body.cursor: not of this search', ko: 'body.cursor: 이 검색의 것이 아닙니다' };
  return new MalloError('request.invalid', { problem });
}
