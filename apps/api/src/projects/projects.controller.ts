import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Project, type RouteInput, projectRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ProjectsService } from './projects.service.js';

@Controller()
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Endpoint(routes.list)
  list(@CurrentUserId() userId: string): Promise<Project[]> {
    return this.projects.list(userId);
  }

  @Endpoint(routes.create)
  create(@CurrentUserId() userId: string, @Input() { body }: RouteInput<typeof routes.create>): Promise<Project> {
    return this.projects.create(userId, body.name);
  }

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.get>): Promise<Project> {
    return this.projects.get(userId, params.projectId);
  }

  @Endpoint(routes.owner)
  async owner(@Input() { params }: RouteInput<typeof routes.owner>): Promise<{ ownerId: string }> {
    return { ownerId: await this.projects.ownerOf(params.projectId) };
  }
}
