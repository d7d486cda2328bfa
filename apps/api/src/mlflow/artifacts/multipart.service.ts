import { join } from 'node:path';
import { newId, type Program } from '@mallo/backend';
import { type ArtifactPlace, MlflowError, pathOf } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { ObjectStore } from '../../objects/object-store.js';
import { LOG, SETTINGS, type Settings } from '../../settings.js';
import { ArtifactsService } from './artifacts.service.js';
import { type Part, Parts } from './parts.js';
import { PASS_SECONDS, type UploadPass, UploadPasses } from './upload-pass.js';

const LOOK_EVERY_MS = 60 * 60 * 1000;

/** Large files that arrive in parts, several at once, as MLflow's client sends what is over 500 MB. */
@Injectable()
export class MultipartService implements OnModuleInit, OnModuleDestroy {
  private readonly parts: Parts;
  private readonly passes: UploadPasses;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly artifacts: ArtifactsService,
    objects: ObjectStore,
  ) {
    this.parts = new Parts(join(objects.root, 'parts'));
    this.passes = new UploadPasses(settings.MALLO_JWT_SECRET);
  }

  async onModuleInit(): Promise<void> {
    const look = () =>
      this.parts
        .forgetBegunBefore(new Date(Date.now() - PASS_SECONDS * 1000))
        .catch((error: unknown) => this.log.warn({ err: error }, 'old parts of uploads were not removed'));
    await look();
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The id of a new upload, which lets its holder send parts. @throws MlflowError INVALID_PARAMETER_VALUE */
  async begin(caller: Program, place: ArtifactPlace): Promise<string> {
    this.artifacts.checkWritable(place);
    const id = newId('mpu');
    await this.parts.begin(id);
    return this.passes.sign(id, caller.projectId, pathOf(place));
  }

  /** Keeps one part. @returns its SHA-256 @throws MlflowError RESOURCE_DOES_NOT_EXIST, MalloError server.disk_full … */
  async putPart(uploadId: string, number: number, bytes: NodeJS.ReadableStream): Promise<string> {
    const { id } = await this.passes.read(uploadId);
    if (!(await this.parts.isUnderWay(id))) throw noUpload();
    return (await this.parts.put(id, number, bytes, this.settings.MALLO_UPLOAD_LIMIT_BYTES)).sha256;
  }

  /**
   * Makes the file of its parts, which are freed then. Again changes nothing.
   * @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE when a part is missing or another
   */
  async complete(
    caller: Program,
    place: ArtifactPlace,
    uploadId: string,
    parts: { part_number: number; etag?: string | null | undefined }[],
  ): Promise<void> {
    const pass = await this.readOwn(caller, place, uploadId);
    if (!(await this.parts.isUnderWay(pass.id))) {
      const logged = await this.artifacts.logged(caller, place);
      if (logged && logged.createdAt >= pass.beganAt) return;
      throw noUpload();
    }
    const arrived = await this.parts.arrived(pass.id);
    const wanted = parts.map(({ part_number: number, etag }): Part => {
      const sha256 = arrived.get(number);
      if (sha256 === undefined || (etag && etag.replaceAll('"', '') !== sha256)) {
        throw new MlflowError('INVALID_PARAMETER_VALUE', `Part ${number} of the upload has not arrived as it is said.`);
      }
      return { number, sha256 };
    });
    wanted.sort((one, other) => one.number - other.number);
    await this.artifacts.put(caller, place, this.parts.joined(pass.id, wanted));
    await this.parts.forget(pass.id);
  }

  /** Frees what came of an upload. Again changes nothing. @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async abort(caller: Program, place: ArtifactPlace, uploadId: string): Promise<void> {
    await this.parts.forget((await this.readOwn(caller, place, uploadId)).id);
  }

  private async readOwn(caller: Program, place: ArtifactPlace, uploadId: string): Promise<UploadPass> {
    const pass = await this.passes.read(uploadId);
    const isOwn = pass.projectId === caller.projectId && pass.path === pathOf(place);
    if (!isOwn) throw noUpload();
    return pass;
  }
}

function noUpload(): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no such upload; it may have expired.');
}
