import { CurrentProjectId, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  type ModelPage,
  type ModelVersion,
  type RegisteredModel,
  type RouteInput,
  registryRoutes as routes,
} from '@mallo/contracts';
import { Controller, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileAnswer } from '../objects/file-answer.js';
import { RegistryService } from './registry.service.js';

@Controller()
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  @Endpoint(routes.list)
  list(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.list>,
  ): Promise<ModelPage> {
    return this.registry.search(userId, params.projectId, query);
  }

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.get>): Promise<RegisteredModel> {
    return this.registry.get(userId, params.modelId);
  }

  @Endpoint(routes.version)
  version(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.version>,
  ): Promise<ModelVersion> {
    return this.registry.version(userId, params.modelId, params.version);
  }

  @Endpoint(routes.resolve)
  resolve(
    @CurrentUserId() userId: string,
    @CurrentProjectId() ownProject: string | null,
    @Input() { query }: RouteInput<typeof routes.resolve>,
  ): Promise<ModelVersion> {
    return this.registry.resolve(userId, query.uri, { project: query.project, ownProject });
  }

  @Endpoint(routes.artifact)
  async artifact(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.artifact>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const version = await this.registry.version(userId, params.modelId, params.version);
    const artifact = this.registry.artifactOf(version, params.name);
    void reply.header('cache-control', 'private, no-cache');
    // A slash would be taken for a folder by whatever saves the file.
    const name = `${version.modelName}-${version.version}-${artifact.name}`.replaceAll(/[/\\]/g, '_');
    return fileAnswer(request, reply, artifact, { name, type: 'application/octet-stream' }, (range) =>
      this.registry.openArtifact(artifact, range),
    );
  }
}
