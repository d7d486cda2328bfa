import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@mallo/backend';
import { MalloError } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { Database } from '../database/database.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { FallbackFolders } from './fallback-folders.js';
import { receive, syncToDisk } from './receive.js';

/** A blob that was just put may be about to get the row that refers to it, so its removal waits. */
const FRESH_MS = 60_000;

const DIGEST = /^[0-9a-f]{64}$/;

export type Blob = { sha256: string; sizeBytes: number };

/** The SHA-256 of a file, in hexadecimal. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/**
 * Immutable files by the SHA-256 of their content: `blobs/ab/ab12…`. The same content is kept once.
 * Plain files rather than a drive library: those copy where this renames, and do not wait for the disk.
 */
@Injectable()
export class ObjectStore implements OnModuleInit, OnModuleDestroy {
  /** Everything the api keeps outside the database; one file system, so that a rename is atomic. */
  readonly root: string;
  /** Half-received files; emptied at start. */
  private readonly incoming: string;
  /** Blobs whose digest was found right, with the state of the file at that time. */
  private readonly checked = new Map<string, string>();
  /** Where files are that this store lost, or never had. */
  private readonly fallback: FallbackFolders;
  private readonly startedMs = Date.now();
  private readonly later = new Set<NodeJS.Timeout>();

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly database: Database,
  ) {
    this.root = join(settings.MALLO_HOME, 'objects');
    this.incoming = join(this.root, 'incoming');
    this.fallback = new FallbackFolders(settings.FALLBACK_PATH);
  }

  /** Removes what a crash left: half-received files, and blobs that never got the row that refers to them. */
  async onModuleInit(): Promise<void> {
    await mkdir(join(this.root, 'blobs'), { recursive: true });
    await mkdir(this.incoming, { recursive: true });
    for (const left of await readdir(this.incoming)) {
      await rm(join(this.incoming, left), { recursive: true, force: true });
    }
    const referred = await this.allReferred();
    for (const entry of await readdir(join(this.root, 'blobs'), { recursive: true, withFileTypes: true })) {
      if (!DIGEST.test(entry.name) || referred.has(entry.name)) continue;
      const state = await stateOf(this.place(entry.name));
      if (state && state.modifiedMs < this.startedMs) await this.drop(entry.name);
    }
  }

  onModuleDestroy(): void {
    for (const timer of this.later) clearTimeout(timer);
  }

  /** A path that nothing uses yet, in the same file system as the objects; what is left there is swept at start. */
  temporaryPath(): string {
    return join(this.incoming, newId('tmp'));
  }

  /**
   * Keeps a stream's bytes. When this returns they are on the disk; when it throws nothing was kept.
   * @throws MalloError request.invalid when the bytes do not have the expected SHA-256, request.too_large
   */
  async put(stream: NodeJS.ReadableStream, expected: { sha256?: string; limitBytes?: number } = {}): Promise<Blob> {
    const temporary = this.temporaryPath();
    const blob = await receive(stream, temporary, expected.limitBytes ?? Number.POSITIVE_INFINITY);
    if (expected.sha256 && expected.sha256 !== blob.sha256) {
      await rm(temporary, { force: true });
      throw new MalloError('request.invalid', {
        problem: {
          en: `the bytes have the SHA-256 ${blob.sha256}, not ${expected.sha256}`,
          ko: `바이트의 SHA-256이 ${expected.sha256}이(가) 아니라 ${blob.sha256}입니다`,
        },
      });
    }
    const place = this.place(blob.sha256);
    await mkdir(dirname(place), { recursive: true });
    await syncToDisk(temporary);
    // Over one that is there: the content is the same, or the old file was damaged.
    await rename(temporary, place);
    await syncToDisk(dirname(place));
    return blob;
  }

  /**
   * Keeps a file of this file system as a blob without copying it: from now on nothing may write to it. The name it had
   * stays, so that whoever is interrupted can do it again.
   */
  async adopt(path: string, sha256: string): Promise<void> {
    const place = this.place(sha256);
    const temporary = this.temporaryPath();
    await link(path, temporary);
    try {
      // As fresh as one that was just put, however long ago its bytes came.
      await utimes(temporary, new Date(), new Date());
      await syncToDisk(temporary);
      await mkdir(dirname(place), { recursive: true });
      await rename(temporary, place);
      await syncToDisk(dirname(place));
    } finally {
      // Renaming a link to where it points already leaves both (POSIX).
      await rm(temporary, { force: true });
    }
  }

  /** Whether there is such a blob; its content is not looked at. */
  async has(sha256: string): Promise<boolean> {
    return (await stateOf(this.place(sha256))) !== null;
  }

  /** The file of a blob, here or in a folder of `FALLBACK_PATH`, its digest checked; null when missing or altered. */
  async path(sha256: string): Promise<string | null> {
    const place = this.place(sha256);
    if (await this.isRight(place, sha256)) return place;
    const sizeBytes = await this.sizeReferred(sha256);
    return sizeBytes === null ? null : this.fallback.find(sha256, sizeBytes, (path) => this.isRight(path, sha256));
  }

  /** Whether a file has that content; it is read again only when it may have changed since it was last read. */
  private async isRight(path: string, sha256: string): Promise<boolean> {
    const state = await stateOf(path);
    if (!state) return false;
    const mark = `${path} ${state.mark}`;
    if (this.checked.get(sha256) === mark) return true;
    if ((await fileSha256(path)) !== sha256) return false;
    this.checked.set(sha256, mark);
    return true;
  }

  /** The bytes of a blob, or those from `start` to `end` inclusive, their digest checked before the first is handed out; null when missing or altered. */
  async open(
    sha256: string,
    range: { start?: number; end?: number } = {},
  ): Promise<{ stream: Readable; sizeBytes: number } | null> {
    const path = await this.path(sha256);
    const state = path && (await stateOf(path));
    return path && state ? { stream: createReadStream(path, range), sizeBytes: state.sizeBytes } : null;
  }

  /**
   * Frees a blob that no file of a run, of a model or of a program's log refers to any more. A fresh one goes a minute later.
   * @returns whether it is freed, now or then
   */
  async remove(sha256: string): Promise<boolean> {
    const state = await stateOf(this.place(sha256));
    if (!state || (await this.isReferred(sha256))) return false;
    const wait = state.modifiedMs + FRESH_MS - Date.now();
    if (wait > 0) this.removeLater(sha256, wait);
    else await this.drop(sha256);
    return true;
  }

  private removeLater(sha256: string, waitMs: number): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      // Should it fail, the next start removes it.
      this.remove(sha256).catch((error: unknown) => this.log.warn({ err: error, sha256 }, 'a blob was not removed'));
    }, waitMs);
    this.later.add(timer.unref());
  }

  private async drop(sha256: string): Promise<void> {
    await rm(this.place(sha256), { force: true });
    this.checked.delete(sha256);
  }

  private async isReferred(sha256: string): Promise<boolean> {
    const where = { where: { sha256 } };
    if ((await this.database.runArtifact.count(where)) > 0) return true;
    if ((await this.database.modelArtifact.count(where)) > 0) return true;
    return (await this.database.loggedArtifact.count(where)) > 0;
  }

  private async allReferred(): Promise<Set<string>> {
    const files = await this.database.$queryRaw<{ sha256: string }[]>`
      SELECT sha256 FROM mallo.run_artifacts UNION SELECT sha256 FROM mallo.model_artifacts
      UNION SELECT sha256 FROM mallo.logged_artifacts`;
    return new Set(files.map(({ sha256 }) => sha256));
  }

  private place(sha256: string): string {
    // Digests come from the database and from requests; only these characters ever reach a path.
    if (!DIGEST.test(sha256))
      throw new MalloError('request.invalid', { problem: { en: 'not a SHA-256', ko: 'SHA-256이 아닙니다' } });
    return join(this.root, 'blobs', sha256.slice(0, 2), sha256);
  }

  /** How large a blob is that some artifact refers to; null when none does. */
  private async sizeReferred(sha256: string): Promise<number | null> {
    const where = { where: { sha256 }, select: { sizeBytes: true } };
    const file =
      (await this.database.modelArtifact.findFirst(where)) ??
      (await this.database.runArtifact.findFirst(where)) ??
      (await this.database.loggedArtifact.findFirst(where));
    return file && Number(file.sizeBytes);
  }
}

async function stateOf(path: string): Promise<{ sizeBytes: number; modifiedMs: number; mark: string } | null> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await stat(path);
    return { sizeBytes: size, modifiedMs: mtimeMs, mark: `${ino} ${size} ${ctimeMs}` };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
