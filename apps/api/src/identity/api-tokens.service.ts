import type { ApiToken, RouteInput, identityRoutes as routes } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ProjectsService } from '../projects/projects.service.js';
import { ApiTokensRepository } from './api-tokens.repository.js';

/** Tokens for programs: each stands for its person, and for one project. */
@Injectable()
export class ApiTokensService {
  constructor(
    private readonly tokens: ApiTokensRepository,
    private readonly projects: ProjectsService,
  ) {}

  list(userId: string): Promise<ApiToken[]> {
    return this.tokens.list(userId);
  }

  /**
   * Makes a token for a project, without one for the oldest that there is.
   * @throws MalloError project.not_found
   */
  async create(
    userId: string,
    asked: RouteInput<typeof routes.createToken>['body'],
  ): Promise<ApiToken & { token: string }> {
    const { projectId } = asked;
    if (projectId) await this.projects.checkOwner(userId, projectId);
    const [oldest] = projectId ? [] : await this.projects.list(userId);
    return this.tokens.create(userId, { ...asked, projectId: projectId ?? oldest?.id ?? null });
  }

  /** @throws MalloError request.not_found */
  remove(userId: string, id: string): Promise<void> {
    return this.tokens.remove(userId, id);
  }
}
