import { checkName, type Program, pageOffsetOf, pageTokenAt } from '@mallo/backend';
import { MlflowError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ExperimentSearch } from '../tracking/experiment-search.js';
import {
  type ExperimentRow,
  ExperimentsRepository,
  type KeyValue,
  type LifecycleStage,
} from '../tracking/experiments.repository.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { shownId } from './experiment-id.js';
import { checkMaxResults } from './max-results.js';
import { checkLength, MOST } from './names.js';

type Search = {
  filter: string;
  orderBy: string[];
  lifecycleStages: LifecycleStage[];
  maxResults: number;
  pageToken: string;
};

/** Experiments with MLflow's rules and words. */
@Injectable()
export class ExperimentsService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly experiments: ExperimentsRepository,
    private readonly found: ExperimentSearch,
  ) {}

  /** @throws MlflowError RESOURCE_ALREADY_EXISTS, INVALID_PARAMETER_VALUE */
  async create(program: Program, name: string, artifactLocation: string, tags: KeyValue[]): Promise<string> {
    await this.know(program);
    checkExperimentName(name);
    for (const tag of tags) checkExperimentTag(tag);
    if (artifactLocation.startsWith('runs:')) {
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `Artifact location cannot be a runs:/ URI. Given: '${artifactLocation}'`,
      );
    }
    const id = await this.experiments.create(program.projectId, name, artifactLocation || null, tags);
    if (id === null) throw taken(name);
    return id;
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async get(program: Program, id: string): Promise<ExperimentRow> {
    await this.know(program);
    const shown = shownId(id);
    const experiment = await this.experiments.find(program.projectId, shown);
    if (!experiment) throw noExperiment(shown);
    return experiment;
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async getByName(program: Program, name: string): Promise<ExperimentRow> {
    await this.know(program);
    const experiment = await this.experiments.findByName(program.projectId, name);
    if (!experiment) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`);
    }
    return experiment;
  }

  /** An experiment that runs may be added to. @throws MlflowError */
  async getActive(program: Program, id: string): Promise<ExperimentRow> {
    const experiment = await this.get(program, id);
    if (experiment.lifecycleStage === 'active') return experiment;
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `The experiment ${experiment.id} must be in the 'active' state. Current state is deleted.`,
    );
  }

  /** Deletes it with its runs, or restores it. @throws MlflowError RESOURCE_DOES_NOT_EXIST when it is so already */
  async setLifecycle(program: Program, id: string, stage: LifecycleStage): Promise<void> {
    await this.know(program);
    const shown = shownId(id);
    if (!(await this.experiments.setLifecycle(program.projectId, shown, stage))) throw noExperiment(shown);
  }

  /** @throws MlflowError INVALID_STATE, RESOURCE_ALREADY_EXISTS */
  async rename(program: Program, id: string, name: string): Promise<void> {
    checkExperimentName(name);
    const experiment = await this.get(program, id);
    if (experiment.lifecycleStage !== 'active') {
      throw new MlflowError('INVALID_STATE', 'Cannot rename a non-active experiment.');
    }
    if (!(await this.experiments.rename(experiment.key, name))) throw taken(name);
  }

  async setTag(program: Program, id: string, tag: KeyValue): Promise<void> {
    checkExperimentTag(tag);
    const { key } = await this.getActive(program, id);
    await this.experiments.setTag(key, tag);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async deleteTag(program: Program, id: string, tag: string): Promise<void> {
    const experiment = await this.getActive(program, id);
    if (await this.experiments.deleteTag(experiment.key, tag)) return;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${tag} in experiment with id ${experiment.id}`);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE */
  async search(program: Program, search: Search): Promise<{ experiments: ExperimentRow[]; nextToken: string | null }> {
    await this.know(program);
    const { filter, orderBy, lifecycleStages, maxResults, pageToken } = search;
    checkMaxResults(maxResults);
    const offset = pageOffsetOf(pageToken);
    const rows = await this.found.find({
      projectId: program.projectId,
      filter,
      orderBy,
      lifecycleStages,
      limit: maxResults + 1,
      offset,
    });
    const hasMore = rows.length > maxResults;
    return {
      experiments: rows.slice(0, maxResults),
      nextToken: hasMore ? pageTokenAt(offset + maxResults) : null,
    };
  }

  /** A project that was only now made has its default experiment too. */
  private know({ userId, projectId }: Program): Promise<void> {
    return this.projects.checkOwner(userId, projectId);
  }
}

function noExperiment(id: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${id} exists`);
}

function taken(name: string): MlflowError {
  return new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment(name=${name}) already exists.`);
}

function checkExperimentName(name: string): void {
  checkLength('name', 500, name);
}

function checkExperimentTag({ key, value }: KeyValue): void {
  checkName(key, 'key');
  checkLength('key', MOST.keyCharacters, key);
  checkLength('value', MOST.experimentTagCharacters, value);
}
