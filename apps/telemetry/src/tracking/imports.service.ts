import type { Program } from '@mallo/backend';
import {
  type ImportedCurves,
  type ImportedExperiment,
  type ImportedLoggedModel,
  type ImportedRun,
  MalloError,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { BatchWriter } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import {
  type Imported,
  type ImportedInto,
  type ImportedRunInto,
  ImportsRepository,
  markPoints,
} from './imports.repository.js';
import { ProjectsService } from './projects.service.js';
import { storableText } from './sql.js';

/** Takes over what an MLflow has of experiments, runs and logged models. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly imports: ImportsRepository,
    private readonly points: PointStore,
  ) {}

  /** @throws MalloError project.not_found */
  async experiment(program: Program, said: ImportedExperiment): Promise<ImportedInto> {
    // A project that was only now made has its default experiment too.
    await this.projects.checkOwner(program.userId, program.projectId);
    return this.imports.experiment(program.projectId, said);
  }

  /** @throws MalloError project.not_found, import.in_other_project, request.not_found where there is no such experiment */
  async run(program: Program, runId: string, said: ImportedRun): Promise<ImportedRunInto> {
    await this.projects.checkOwner(program.userId, program.projectId);
    return this.imports.run(program, runId, said);
  }

  /** @throws MalloError project.not_found, import.in_other_project, request.not_found where there is no such experiment */
  async loggedModel(program: Program, modelId: string, said: ImportedLoggedModel): Promise<Imported> {
    await this.projects.checkOwner(program.userId, program.projectId);
    return this.imports.loggedModel(program.projectId, modelId, said);
  }

  /** Adds points to a run; those that are there stay one. @throws MalloError project.not_found, run.not_found */
  async addPoints({ userId, projectId }: Program, runId: string, { curves, mark }: ImportedCurves): Promise<void> {
    await this.projects.checkOwner(userId, projectId);
    if (!(await this.imports.hasRun(projectId, runId))) throw new MalloError('run.not_found');
    const writer = new BatchWriter();
    for (const { key, steps, timesMs, values } of curves) {
      const name = storableText(key);
      for (const [at, step] of steps.entries()) writer.point(name, step, timesMs[at] ?? 0, Number(values[at]));
    }
    // Not held to the project there, as a run that is deleted has points too.
    const marking = mark === undefined ? {} : { with: (client: PoolClient) => markPoints(client, runId, mark) };
    if (!(await this.points.append(runId, writer.finish(), marking))) throw new MalloError('run.not_found');
  }
}
