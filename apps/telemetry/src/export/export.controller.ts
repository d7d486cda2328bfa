import { createReadStream } from 'node:fs';
import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, exportRoutes as routes } from '@mallo/contracts';
import { Controller, StreamableFile } from '@nestjs/common';
import { ExportService } from './export.service.js';

const TYPES = { parquet: 'application/vnd.apache.parquet', csv: 'text/csv; charset=utf-8' };

@Controller()
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Endpoint(routes.export)
  async export(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.export>,
  ): Promise<StreamableFile> {
    const { path, remove } = await this.exports.write(userId, params.projectId, query);
    const bytes = createReadStream(path);
    // Also when whoever asked is gone.
    bytes.once('close', () => void remove());
    return new StreamableFile(bytes, {
      type: TYPES[query.format],
      disposition: `attachment; filename="${query.what}.${query.format}"`,
    });
  }
}
