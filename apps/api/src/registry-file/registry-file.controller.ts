import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RegistryImport, type RouteInput, registryFileRoutes as routes } from '@mallo/contracts';
import { Controller, StreamableFile } from '@nestjs/common';
import { create as contentDisposition } from 'content-disposition';
import { ExportsService } from './exports.service.js';
import { ImportsService } from './imports.service.js';

@Controller()
export class RegistryFileController {
  constructor(
    private readonly exports: ExportsService,
    private readonly imports: ImportsService,
  ) {}

  @Endpoint(routes.export)
  async export(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.export>,
  ): Promise<StreamableFile> {
    const { name, zip } = await this.exports.export(userId, params.projectId);
    // A slash would be taken for a folder by whatever saves the file.
    const disposition = contentDisposition(`${name.replaceAll(/[/\\]/g, '_')}-registry.zip`);
    return new StreamableFile(zip, { type: 'application/zip', disposition });
  }

  @Endpoint(routes.import)
  import(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.import>,
  ): Promise<RegistryImport> {
    return this.imports.import(userId, params.projectId, body.uploadId, body.key);
  }
}
