import { createHash } from 'node:crypto';
import type { Program } from '@mallo/backend';
import { MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ExperimentsRepository, type KeyValue } from './experiments.repository.js';
import { LoggedRunsRepository } from './logged-runs.repository.js';
import { ProjectsService } from './projects.service.js';
import { RUN_NAME } from './run-texts.js';
import { isDuplicate } from './sql.js';

type ProgramRun = { runId: string; name: string; experimentId: string; params: KeyValue[]; tags: KeyValue[] };

/** Runs that programs begin. */
@Injectable()
export class ProgramRunsService {
  constructor(
    private readonly runs: LoggedRunsRepository,
    private readonly experiments: ExperimentsRepository,
    private readonly projects: ProjectsService,
  ) {}

  /** Begins a run; nothing where it is there already. @throws MalloError project.not_found, experiment.not_found */
  async begin({ userId, projectId }: Program, { runId, name, experimentId, params, tags }: ProgramRun): Promise<void> {
    await this.projects.checkOwner(userId, projectId);
    const experiment = await this.experiments.find(projectId, experimentId);
    if (experiment?.lifecycleStage !== 'active') throw new MalloError('experiment.not_found');
    const named = [...tags, { key: RUN_NAME, value: name }];
    const of = { runId, ownerId: userId, projectId, experimentKey: experiment.key };
    try {
      await this.runs.create({ ...of, name, user: '', startedMs: Date.now(), params, tags: named });
    } catch (error) {
      // Another request of the same program was quicker.
      if (!isDuplicate(error)) throw error;
    }
  }
}

/** The id of the run that a program of this project knows by these names of its own. */
export function keyedRunId(projectId: string, ...names: string[]): string {
  return `run_${createHash('sha256')
    .update(JSON.stringify([projectId, ...names]))
    .digest('hex')
    .slice(0, 32)}`;
}
