import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { newId } from '@mallo/backend';
import { byteSize } from '@mallo/client';
import { type ErrorBody, MalloError, quoted, uploadRoutes } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Server, Upload } from '@tus/server';
import type { Logger } from 'pino';
import { ObjectStore } from '../objects/object-store.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { UploadStore } from './upload-store.js';

const LOOK_EVERY_MS = 60 * 60 * 1000;
/** Under this name an upload keeps whose it is, whatever its sender says of it. */
const OWNER = 'mallo-owner';

type ProtocolError = Error | { status_code: number; body: string };

/** Files that arrive in pieces and survive broken connections and restarts, by the tus protocol. */
@Injectable()
export class UploadsService implements OnModuleInit, OnModuleDestroy {
  private readonly folder: string;
  private readonly store: UploadStore;
  private readonly server: Server;
  private readonly senders = new WeakMap<IncomingMessage, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    objects: ObjectStore,
  ) {
    // On the file system of the objects, so that a model's files are taken over without being copied.
    this.folder = join(objects.root, 'uploads');
    this.store = new UploadStore(this.folder);
    this.server = new Server({
      path: uploadRoutes.create.path,
      datastore: this.store,
      maxSize: settings.MALLO_UPLOAD_LIMIT_BYTES,
      relativeLocation: true,
      // Other sites have no business here, and the guard refuses them.
      allowedOrigins: [],
      namingFunction: () => newId('upl'),
      onUploadCreate: async (request, upload) => {
        const raw = request.runtime?.node?.req as IncomingMessage | undefined;
        const owner = raw && this.senders.get(raw);
        if (!owner) throw new MalloError('auth.required');
        return { metadata: { ...upload.metadata, [OWNER]: owner } };
      },
      onResponseError: (_request, error) => this.answerOf(error),
    });
  }

  async onModuleInit(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const look = () =>
      this.removeExpired(new Date()).catch((error: unknown) =>
        this.log.warn({ err: error }, 'expired uploads were not removed'),
      );
    await look();
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Answers a request that begins an upload, or, after `checkOwner`, one about it. */
  async handle(userId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.senders.set(request, userId);
    await this.server.handle(request, response);
  }

  /** @throws MalloError upload.not_found, also when it is someone else's */
  async checkOwner(userId: string, uploadId: string): Promise<void> {
    await this.find(userId, uploadId);
  }

  /**
   * The file of an upload whose last byte has arrived, to be read only. `name` is for the error.
   * @throws MalloError upload.not_found, upload.unfinished
   */
  async finished(userId: string, uploadId: string, name: string): Promise<{ path: string; sizeBytes: number }> {
    const { offset, size } = await this.find(userId, uploadId);
    if (size === undefined || offset < size) {
      const all = size === undefined ? '?' : byteSize(size);
      throw new MalloError('upload.unfinished', { name, received: byteSize(offset), size: all });
    }
    return { path: join(this.folder, uploadId), sizeBytes: size };
  }

  /**
   * Takes over files of this file system as uploads of the user's that have arrived; their old names are gone then.
   * `purpose` names the one piece of work that they are for, by which `freeAdopted` finds them.
   */
  async adopt(
    userId: string,
    purpose: string,
    files: { path: string; name: string }[],
  ): Promise<{ uploadId: string; name: string }[]> {
    const uploads: { uploadId: string; name: string }[] = [];
    for (const [at, { path, name }] of files.entries()) {
      const uploadId = `${adoptedAs(purpose)}${at}`;
      await this.store.adopt(path, new Upload({ id: uploadId, offset: 0, metadata: { [OWNER]: userId } }));
      uploads.push({ uploadId, name });
    }
    return uploads;
  }

  /** Frees what is left of the uploads that were adopted for a piece of work, by a process that was killed too. */
  freeAdopted(purpose: string): Promise<void> {
    return this.store.forgetAll(adoptedAs(purpose));
  }

  /** Frees an upload. */
  remove(uploadId: string): Promise<void> {
    return this.store.forget(uploadId);
  }

  /** Frees the uploads that were begun more than 24 hours before `now`. */
  removeExpired(now: Date): Promise<void> {
    return this.store.forgetExpired(now);
  }

  private async find(userId: string, uploadId: string): Promise<Upload> {
    const upload = await this.store.getUpload(uploadId).catch(() => null);
    if (upload?.metadata?.[OWNER] !== userId) throw new MalloError('upload.not_found');
    return upload;
  }

  /** What the protocol's own errors say here; its status codes stay, for its clients act on them. */
  private answerOf(error: ProtocolError): { status_code: number; body: string } {
    const traceId = randomBytes(6).toString('hex');
    const found = this.errorOf(error, traceId);
    if (found.code === 'server.unexpected') this.log.error({ traceId, err: error }, 'an upload failed');
    else this.log.info({ traceId, code: found.code }, 'refused');
    const body: ErrorBody = { error: { ...found.toProblem(), traceId } };
    return { status_code: found.status, body: JSON.stringify(body) };
  }

  private errorOf(error: ProtocolError, traceId: string): MalloError {
    if (error instanceof MalloError) return error;
    const status = 'status_code' in error ? error.status_code : 500;
    if (status === 404 || status === 410) return new MalloError('upload.not_found');
    if (status === 409) return new MalloError('upload.offset_differs');
    if (status === 413) {
      return new MalloError('request.too_large', { limit: byteSize(this.settings.MALLO_UPLOAD_LIMIT_BYTES) });
    }
    if (status >= 500 || !('body' in error)) return new MalloError('server.unexpected', { traceId });
    return new MalloError('request.invalid', { problem: quoted(error.body.trim()) });
  }
}

/** How the ids of uploads begin that were adopted for it. */
function adoptedAs(purpose: string): string {
  return `upl_${createHash('sha256').update(purpose).digest('hex').slice(0, 32)}x`;
}
