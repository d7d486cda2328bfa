import { MalloError, type Project } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ProjectsRepository } from './projects.repository.js';

/** Projects, and the one answer to whose a thing is: everything belongs to a project, and a project to its owner. */
@Injectable()
export class ProjectsService {
  constructor(private readonly projects: ProjectsRepository) {}

  list(userId: string): Promise<Project[]> {
    return this.projects.list(userId);
  }

  /** @throws MalloError project.name_taken */
  create(userId: string, name: string): Promise<Project> {
    return this.projects.create(userId, name);
  }

  /** @throws MalloError project.not_found, also when it is someone else's */
  async get(userId: string, projectId: string): Promise<Project> {
    const project = await this.projects.get(userId, projectId);
    if (!project) throw new MalloError('project.not_found');
    return project;
  }

  /** Whether a thing of this project may be seen and changed by this person. */
  owns(userId: string, projectId: string): Promise<boolean> {
    return this.projects.owns(userId, projectId);
  }

  /** @throws MalloError project.not_found, also when it is someone else's */
  async checkOwner(userId: string, projectId: string): Promise<void> {
    if (!(await this.owns(userId, projectId))) throw new MalloError('project.not_found');
  }

  /** Whose a project is. @throws MalloError project.not_found */
  async ownerOf(projectId: string): Promise<string> {
    const ownerId = await this.projects.ownerOf(projectId);
    if (!ownerId) throw new MalloError('project.not_found');
    return ownerId;
  }
}
