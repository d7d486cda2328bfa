import { type FileHandle, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { MalloError } from '@mallo/contracts';
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';

const EXPIRES_MS = 24 * 60 * 60 * 1000;

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Writes all of it; the system may take less at a time. */
async function append(file: FileHandle, bytes: Buffer, position: number): Promise<number> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
  return bytes.length;
}

/**
 * Uploads in a folder: a file of the bytes and one of what is known of it. How much has arrived is the size of the file,
 * so it is right after a crash too.
 */
export class UploadStore extends FileStore {
  constructor(private readonly folder: string) {
    super({ directory: folder, expirationPeriodInMilliseconds: EXPIRES_MS });
  }

  /** @throws MalloError server.disk_full when it cannot fit, before the first byte */
  override async create(upload: Upload): Promise<Upload> {
    const { bavail, bsize } = await statfs(this.folder);
    if ((upload.size ?? 0) > bavail * bsize) throw new MalloError('server.disk_full');
    return super.create(upload);
  }

  /**
   * Appends what arrives, and keeps what did when the sender goes away.
   * @throws MalloError server.disk_full; then the whole upload is gone, so that there is space again
   */
  override async write(bytes: Readable, id: string, offset: number): Promise<number> {
    const file = await open(join(this.folder, id), 'r+');
    let end = offset;
    try {
      for await (const chunk of bytes) end += await append(file, chunk as Buffer, end);
      return end;
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.forget(id);
      throw new MalloError('server.disk_full', {}, { cause: error });
    } finally {
      // Only then may the next request look how much there is.
      await file.close();
    }
  }

  /** Makes a whole upload of a file, which is moved here. */
  async adopt(path: string, upload: Upload): Promise<void> {
    const { size } = await stat(path);
    await super.create(new Upload({ ...upload, size }));
    await rename(path, join(this.folder, upload.id));
  }

  /** Removes an upload, whatever of it is there. */
  async forget(id: string): Promise<void> {
    await rm(join(this.folder, id), { force: true });
    await rm(join(this.folder, `${id}.json`), { force: true });
  }

  /** Removes the uploads whose ids begin so, whatever of them is there. */
  async forgetAll(prefix: string): Promise<void> {
    const names = await readdir(this.folder);
    const ids = names.filter((name) => name.startsWith(prefix)).map((name) => name.replace(/\.json$/, ''));
    for (const id of new Set(ids)) await this.forget(id);
  }

  /** Removes the uploads that were begun more than 24 hours ago, and what a crash left of others. */
  async forgetExpired(now: Date): Promise<void> {
    const names = await readdir(this.folder);
    for (const id of new Set(names.map((name) => name.replace(/\.json$/, '')))) {
      // Written once, when the upload began; without it the upload cannot be found any more.
      const begun = names.includes(`${id}.json`) ? `${id}.json` : id;
      const state = await stat(join(this.folder, begun)).catch(() => null);
      if (state && state.mtimeMs < now.getTime() - EXPIRES_MS) await this.forget(id);
    }
  }
}
