import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Dataset, type RouteInput, type RouteOutput, datasetRoutes as routes } from '@mallo/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DatasetImages } from './dataset-images.js';
import { DatasetsService } from './datasets.service.js';
import { Thumbnails } from './thumbnails.js';

@Controller()
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly datasetImages: DatasetImages,
    private readonly thumbnails: Thumbnails,
  ) {}

  @Endpoint(routes.list)
  list(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.list>): Promise<Dataset[]> {
    return this.datasets.list(userId, params.projectId);
  }

  @Endpoint(routes.upload)
  upload(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.upload>,
    @BodyStream() body: NodeJS.ReadableStream,
  ): Promise<Dataset> {
    return this.datasets.upload(userId, params.projectId, query.name, body);
  }

  @Endpoint(routes.createSample)
  createSample(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.createSample>,
  ): Promise<Dataset> {
    return this.datasets.createSample(userId, params.projectId, body.kind);
  }

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.get>): Promise<Dataset> {
    return this.datasets.get(userId, params.datasetId);
  }

  @Endpoint(routes.remove)
  remove(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.remove>): Promise<void> {
    return this.datasets.remove(userId, params.datasetId);
  }

  @Endpoint(routes.images)
  async images(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.images>,
  ): Promise<RouteOutput<typeof routes.images>> {
    const { version } = await this.datasets.get(userId, params.datasetId);
    return this.datasetImages.page(version.id, query);
  }

  @Endpoint(routes.thumbnail)
  async thumbnail(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.thumbnail>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { version } = await this.datasets.get(userId, params.datasetId);
    const picture = await this.thumbnails.get(version.id, params.index);
    // Set only now, so that no error is kept by the browser.
    void reply.header('cache-control', 'private, max-age=31536000, immutable');
    return new StreamableFile(picture, { type: 'image/webp' });
  }
}
