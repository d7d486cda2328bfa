import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type ModelVersion, type RegisteredModel, type RouteInput, registryRoutes as routes } from '@mallo/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import { RegistryService } from './registry.service.js';

@Controller()
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  @Endpoint(routes.list)
  list(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.list>,
  ): Promise<RegisteredModel[]> {
    return this.registry.list(userId, params.projectId);
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

  @Endpoint(routes.artifact)
  async artifact(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.artifact>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const version = await this.registry.version(userId, params.modelId, params.version);
    const { artifact, stream } = await this.registry.openArtifact(version, params.name);
    void reply.header('etag', `"${artifact.sha256}"`).header('cache-control', 'private, no-cache');
    // A slash would be taken for a folder by whatever saves the file.
    const fileName = `${version.modelName}-${version.version}-${artifact.name}`.replaceAll(/[/\\]/g, '_');
    return new StreamableFile(stream, {
      type: 'application/octet-stream',
      length: artifact.sizeBytes,
      disposition: contentDisposition(fileName),
    });
  }
}
