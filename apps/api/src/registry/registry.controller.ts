import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  MalloError,
  type ModelPage,
  type ModelVersion,
  type RegisteredModel,
  type RouteInput,
  registryRoutes as routes,
} from '@mallo/contracts';
import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rangeOf } from '../objects/byte-range.js';
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
    @Input() { query }: RouteInput<typeof routes.resolve>,
  ): Promise<ModelVersion> {
    return this.registry.resolve(userId, query.uri, query.project);
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
    const { sizeBytes, sha256 } = artifact;
    const etag = `"${sha256}"`;
    const range = rangeOf(request.headers, sizeBytes, etag);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache').header('accept-ranges', 'bytes');
    if (range === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${sizeBytes}`);
      throw new MalloError('request.range_unsatisfiable', { size: sizeBytes });
    }
    const stream = await this.registry.openArtifact(artifact, range);
    if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
    // A slash would be taken for a folder by whatever saves the file.
    const fileName = `${version.modelName}-${version.version}-${artifact.name}`.replaceAll(/[/\\]/g, '_');
    return new StreamableFile(stream, {
      type: 'application/octet-stream',
      length: range ? range.end - range.start + 1 : sizeBytes,
      disposition: contentDisposition(fileName),
    });
  }
}
