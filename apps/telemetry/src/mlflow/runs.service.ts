import { newId, type Program } from '@mallo/backend';
import { MlflowError, type RunStatus } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { PointStore } from '../points/point-store.js';
import type { KeyValue, LifecycleStage } from '../tracking/experiments.repository.js';
import { LoggedRunsRepository, type RunChange, type RunInfo } from '../tracking/logged-runs.repository.js';
import { RunInputsRepository } from '../tracking/run-inputs.repository.js';
import { RunSearchRepository } from '../tracking/run-search.repository.js';
import { RUN_NAME } from '../tracking/run-texts.js';
import { shownId } from './experiment-id.js';
import { ExperimentsService } from './experiments.service.js';
import { checkMaxResults } from './max-results.js';
import type { RunParts } from './run-messages.js';
import { randomName } from './run-names.js';

type NewRun = { experimentId: string; user: string; name: string; startedMs: number; tags: KeyValue[] };
type Search = {
  experimentIds: string[];
  filter: string;
  orderBy: string[];
  lifecycleStages: LifecycleStage[];
  maxResults: number;
  pageToken: string;
};

/** Runs with MLflow's rules and words. */
@Injectable()
export class MlflowRunsService {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly runs: LoggedRunsRepository,
    private readonly inputs: RunInputsRepository,
    private readonly found: RunSearchRepository,
    private readonly points: PointStore,
  ) {}

  /** @throws MlflowError */
  async create(program: Program, { experimentId, user, name, startedMs, tags }: NewRun): Promise<RunParts> {
    const experiment = await this.experiments.getActive(program, experimentId);
    const named = tags.find(({ key }) => key === RUN_NAME)?.value ?? '';
    if (name && named && name !== named) {
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values " +
          `(run_name='${name}', mlflow.runName='${named}').`,
      );
    }
    const runName = name || named || randomName();
    const run = {
      runId: newId('run'),
      ownerId: program.userId,
      projectId: program.projectId,
      experimentKey: experiment.key,
      name: runName,
      user,
      startedMs,
      tags: named ? tags : [...tags, { key: RUN_NAME, value: runName }],
    };
    await this.runs.create(run);
    return this.get(program, run.runId);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, also when it is of another project */
  async info(program: Program, runId: string): Promise<RunInfo> {
    if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId)) throw noRun(runId);
    const info = await this.runs.find(program.projectId, runId);
    if (!info) throw noRun(runId);
    return info;
  }

  /** Those of the runs that there are in the project, in their order. */
  async existing(program: Program, runIds: string[]): Promise<string[]> {
    const there = new Set((await this.runs.infos(program.projectId, runIds)).map(({ id }) => id));
    return runIds.filter((id) => there.has(id));
  }

  /** A run that may be changed. @throws MlflowError */
  async active(program: Program, runId: string): Promise<RunInfo> {
    const info = await this.info(program, runId);
    if (info.lifecycleStage === 'active') return info;
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `The run ${runId} must be in the 'active' state. Current state is deleted.`,
    );
  }

  async get(program: Program, runId: string): Promise<RunParts> {
    const info = await this.info(program, runId);
    await this.points.settle({ runId });
    const [parts] = await this.withParts([info]);
    if (!parts) throw noRun(runId);
    return parts;
  }

  /** A training's state is Mallo's own: what a program says of it is passed over. */
  async update(program: Program, runId: string, change: RunChange): Promise<RunInfo> {
    const info = await this.active(program, runId);
    if (info.kind === 'training') return info;
    await this.runs.change(runId, change);
    return this.info(program, runId);
  }

  async setLifecycle(program: Program, runId: string, stage: LifecycleStage): Promise<void> {
    await this.info(program, runId);
    await this.runs.setLifecycle(runId, stage);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async deleteTag(program: Program, runId: string, key: string): Promise<void> {
    await this.active(program, runId);
    if (await this.runs.deleteTag(runId, key)) return;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${runId}`);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE */
  async search(program: Program, search: Search): Promise<{ runs: RunParts[]; nextToken: string | null }> {
    const { experimentIds, filter, orderBy, lifecycleStages, maxResults, pageToken } = search;
    checkMaxResults(maxResults);
    await this.points.settle({ projectId: program.projectId });
    const { rows, nextCursor } = await this.found.page({
      projectId: program.projectId,
      experimentIds: experimentIds.map(shownId),
      filter,
      orderBy,
      lifecycleStages,
      limit: maxResults,
      cursor: pageToken || undefined,
    });
    const ids = rows.map(({ id }) => id);
    const infos = new Map((await this.runs.infos(program.projectId, ids)).map((info) => [info.id, info]));
    const runs = await this.withParts(ids.flatMap((id) => infos.get(id) ?? []));
    // MLflow's search does not tell which models a run used.
    const shown = runs.map((run) => ({ ...run, models: run.models.filter(({ direction }) => direction === 'output') }));
    return { runs: shown, nextToken: nextCursor };
  }

  private async withParts(infos: RunInfo[]): Promise<RunParts[]> {
    const ids = infos.map(({ id }) => id);
    const [logged, datasets, models] = await Promise.all([
      this.found.logged(ids, { metrics: 'all', params: 'all', tags: 'all' }),
      this.inputs.datasetsOf(ids),
      this.inputs.modelsOf(ids),
    ]);
    const of = <T extends { runId: string }>(list: T[]) => Map.groupBy(list, ({ runId }) => runId);
    const [metrics, params, tags] = [of(logged.metrics), of(logged.params), of(logged.tags)];
    const [datasetsOf, modelsOf] = [of(datasets), of(models)];
    return infos.map((info) => ({
      info,
      logged: {
        metrics: metrics.get(info.id) ?? [],
        params: params.get(info.id) ?? [],
        tags: tags.get(info.id) ?? [],
      },
      datasets: datasetsOf.get(info.id) ?? [],
      models: modelsOf.get(info.id) ?? [],
    }));
  }
}

/** MLflow's words for how a run stands, in the order of its numbers from 1, as Mallo's. */
export const STATUS_OF: Record<string, RunStatus> = {
  RUNNING: 'running',
  SCHEDULED: 'queued',
  FINISHED: 'completed',
  FAILED: 'failed',
  KILLED: 'cancelled',
};

function noRun(runId: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`);
}
