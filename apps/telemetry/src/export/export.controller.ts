import { createReadStream } from 'node:fs';
import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { MalloError, type QueryTable, type RouteInput, exportRoutes as routes } from '@mallo/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ExportService } from './export.service.js';
import type { QueryFile } from './queries.js';

const TYPES = { parquet: 'application/vnd.apache.parquet', csv: 'text/csv; charset=utf-8' };

@Controller()
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Endpoint(routes.export)
  async export(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.export>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const file = await this.exports.write(userId, params.projectId, query, gone(reply));
    return answerOf(file, query.what, query.format);
  }

  @Endpoint(routes.exportFound)
  async exportFound(
    @CurrentUserId() userId: string,
    @Input() { params, query, body }: RouteInput<typeof routes.exportFound>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const file = await this.exports.writeFound(userId, params.projectId, body, query, gone(reply));
    return answerOf(file, query.what, query.format);
  }

  @Endpoint(routes.query)
  query(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.query>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueryTable> {
    return this.exports.query(userId, params.projectId, body.sql, gone(reply));
  }

  @Endpoint(routes.queryFile)
  async queryFile(
    @CurrentUserId() userId: string,
    @Input() { params, query, body }: RouteInput<typeof routes.queryFile>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { format } = query;
    const file = await this.exports.queryFile(userId, params.projectId, { ...body, format }, gone(reply));
    return answerOf(file, 'query', format);
  }
}

/** Ends when whoever asked is gone. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const reason = new MalloError('query.invalid', {
    problem: { en: 'nobody waits for the answer any more', ko: '답을 기다리는 사람이 없습니다' },
  });
  reply.raw.once('close', () => controller.abort(reason));
  return controller.signal;
}

function answerOf({ path, remove }: QueryFile, name: string, format: keyof typeof TYPES): StreamableFile {
  const bytes = createReadStream(path);
  // Also when whoever asked is gone.
  bytes.once('close', () => void remove());
  return new StreamableFile(bytes, {
    type: TYPES[format],
    disposition: `attachment; filename="${name}.${format}"`,
  });
}
