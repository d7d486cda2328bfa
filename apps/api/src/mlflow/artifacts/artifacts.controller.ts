import { posix } from 'node:path';
import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import {
  placeOf,
  placeUnder,
  type RouteInput,
  type RouteOutput,
  mlflowArtifactRoutes as routes,
} from '@mallo/contracts';
import { Controller, Inject, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileAnswer } from '../../objects/file-answer.js';
import { SETTINGS, type Settings } from '../../settings.js';
import { ArtifactsService } from './artifacts.service.js';
import { mimeTypeOf } from './mime-type.js';
import { MultipartService } from './multipart.service.js';

/** The bytes of a request. An empty one has no parsed body. */
function bytesOf(request: FastifyRequest): NodeJS.ReadableStream {
  return (request.body as NodeJS.ReadableStream | undefined) ?? request.raw;
}

@Controller()
export class ArtifactsController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly artifacts: ArtifactsService,
    private readonly multipart: MultipartService,
  ) {}

  @Endpoint(routes.list)
  async list(
    @CurrentProgram() caller: Program,
    @MlflowInput() { query }: RouteInput<typeof routes.list>,
  ): Promise<RouteOutput<typeof routes.list>> {
    const files = await this.artifacts.list(caller, placeOf(query.path));
    return files.length > 0 ? { files } : {};
  }

  @Endpoint(routes.download)
  async download(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params }: RouteInput<typeof routes.download>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const place = placeOf(params['*']);
    const file = await this.artifacts.find(caller, place);
    // Whatever a program logged, a browser shows nothing of it on this site.
    void reply.header('x-content-type-options', 'nosniff');
    const name = posix.basename(place.path);
    return fileAnswer(request, reply, file, { name, type: mimeTypeOf(name) }, (range) =>
      this.artifacts.open(file, place, range),
    );
  }

  @Endpoint(routes.upload)
  async upload(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params }: RouteInput<typeof routes.upload>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.artifacts.put(caller, placeOf(params['*']), bytesOf(request));
    void reply.status(200);
  }

  @Endpoint(routes.remove)
  async remove(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params }: RouteInput<typeof routes.remove>,
  ): Promise<RouteOutput<typeof routes.remove>> {
    await this.artifacts.remove(caller, placeOf(params['*']));
    return {};
  }

  @Endpoint(routes.beginParts)
  async beginParts(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params, body }: RouteInput<typeof routes.beginParts>,
    @Req() request: FastifyRequest,
  ): Promise<RouteOutput<typeof routes.beginParts>> {
    const uploadId = await this.multipart.begin(caller, placeUnder(params['*'], body.path));
    const origin = originOf(request, this.settings.MALLO_URL);
    const credentials = Array.from({ length: body.num_parts }, (_, at) => ({
      url: `${origin}${routes.part.path.replace(':number', String(at + 1))}?upload=${uploadId}`,
      part_number: at + 1,
      headers: {},
    }));
    return { upload_id: uploadId, credentials };
  }

  @Endpoint(routes.part)
  async part(
    @MlflowInput() { params, query }: RouteInput<typeof routes.part>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const sha256 = await this.multipart.putPart(query.upload, params.number, bytesOf(request));
    void reply.status(200).header('etag', `"${sha256}"`);
  }

  @Endpoint(routes.completeParts)
  async completeParts(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params, body }: RouteInput<typeof routes.completeParts>,
  ): Promise<RouteOutput<typeof routes.completeParts>> {
    const place = placeUnder(params['*'], body.path);
    await this.multipart.complete(caller, place, body.upload_id, body.parts);
    return {};
  }

  @Endpoint(routes.abortParts)
  async abortParts(
    @CurrentProgram() caller: Program,
    @MlflowInput() { params, body }: RouteInput<typeof routes.abortParts>,
  ): Promise<RouteOutput<typeof routes.abortParts>> {
    const place = placeUnder(params['*'], body.path);
    await this.multipart.abort(caller, place, body.upload_id);
    return {};
  }
}

/** Where the sender reaches this Mallo: as it is set, or by another name that the sender used. */
function originOf({ headers }: FastifyRequest, ownUrl: string): string {
  const host = String(headers['x-forwarded-host'] ?? headers.host ?? '');
  const own = new URL(ownUrl);
  return host === '' || host === own.host ? own.origin : `http://${host}`;
}
