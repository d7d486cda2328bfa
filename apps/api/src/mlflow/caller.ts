import { MlflowError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ProjectsService } from '../projects/projects.service.js';

/** Whose request it is, and the project that MLflow's paths and names are of. */
export type Caller = { userId: string; projectId: string };

/** Finds the project of a request; MLflow's own requests never name one. */
@Injectable()
export class Callers {
  constructor(private readonly projects: ProjectsService) {}

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST when the person has no project yet */
  async of(userId: string): Promise<Caller> {
    const [first] = await this.projects.list(userId);
    if (!first) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no project yet. Make one in Mallo first.');
    return { userId, projectId: first.id };
  }
}
