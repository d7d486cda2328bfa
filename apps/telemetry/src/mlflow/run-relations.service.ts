import type { Program } from '@mallo/backend';
import { Injectable } from '@nestjs/common';
import { type DatasetInput, RunInputsRepository } from '../tracking/run-inputs.repository.js';
import { MlflowRunsService } from './runs.service.js';

/** What runs used and made. */
@Injectable()
export class RunRelationsService {
  constructor(
    private readonly runs: MlflowRunsService,
    private readonly inputs: RunInputsRepository,
  ) {}

  /** @throws MlflowError */
  async addInputs(program: Program, runId: string, datasets: DatasetInput[], modelIds: string[]): Promise<void> {
    const { experimentKey } = await this.runs.active(program, runId);
    await this.inputs.addInputs(runId, experimentKey, datasets, modelIds);
  }

  /** @throws MlflowError */
  async addOutputs(program: Program, runId: string, models: { modelId: string; step: number }[]): Promise<void> {
    await this.runs.active(program, runId);
    await this.inputs.addOutputs(runId, models);
  }
}
