import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import { fileSha256, ObjectStore } from '../objects/object-store.js';
import { syncToDisk } from '../objects/receive.js';
import { readListing } from '../zips/zip-listing.js';
import { arrange } from './arrange.js';
import { type Manifest, makeManifest, manifestSha256, readManifest, writeManifest } from './manifest.js';
import { summarize, type VersionSummary } from './summary.js';
import { unpack } from './unpack.js';

const MANIFESTS_HELD = 8;
const FILES_AT_ONCE = 4;

/** A version that is ready on the disk but not yet in its place. */
export type Prepared = { folder: string; summary: VersionSummary };

/**
 * The files of dataset versions: `objects/datasets/<versionId>/` with `images/<class>/<file>`, `manifest.json`
 * and `thumbnails/`. A version's images never change.
 */
@Injectable()
export class DatasetFiles {
  private readonly manifests = new LRUCache<string, Manifest>({ max: MANIFESTS_HELD });
  private readonly root: string;

  constructor(private readonly store: ObjectStore) {
    this.root = join(store.root, 'datasets');
  }

  folder(versionId: string): string {
    return join(this.root, versionId);
  }

  images(versionId: string): string {
    return join(this.folder(versionId), 'images');
  }

  /**
   * Unpacks a zip beside the other versions; after a failure nothing is left of it.
   * @throws MalloError dataset.not_a_zip, dataset.encrypted, dataset.unsafe_path, dataset.zip_bomb,
   * dataset.too_many_files, dataset.no_images, dataset.one_class
   */
  async prepare(zipPath: string, unpackedLimitBytes: number): Promise<Prepared> {
    const folder = this.store.temporaryPath();
    const { zip, files, folders } = await readListing(zipPath, unpackedLimitBytes);
    try {
      const plan = arrange(files, folders);
      await mkdir(join(folder, 'images'), { recursive: true });
      const { images, problems } = await unpack(zip, plan.images, join(folder, 'images'));
      const manifest = makeManifest(images);
      const summary = summarize(manifest, plan.classNames, [...problems, ...plan.problems]);
      await this.removeEmptyClasses(folder, summary);
      await writeManifest(join(folder, 'manifest.json'), manifest);
      return { folder, summary };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    } finally {
      zip.close();
    }
  }

  /** Puts a prepared version in its place, at once and for good. */
  async publish(prepared: Prepared, versionId: string): Promise<void> {
    await mkdir(this.root, { recursive: true });
    await syncToDisk(prepared.folder);
    await rename(prepared.folder, this.folder(versionId));
    await syncToDisk(this.root);
  }

  /** Frees a version's bytes. It disappears at once, however long the removal takes. */
  async remove(versionId: string): Promise<void> {
    this.manifests.delete(versionId);
    const away = this.store.temporaryPath();
    try {
      await rename(this.folder(versionId), away);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw error;
    }
    await rm(away, { recursive: true, force: true });
  }

  /** The ids of versions that have been on the disk since before the given time. */
  async olderThan(timeMs: number): Promise<string[]> {
    await mkdir(this.root, { recursive: true });
    const ids = await readdir(this.root);
    const old = await pMap(ids, async (id) => (await stat(join(this.root, id))).ctimeMs < timeMs, { concurrency: 16 });
    return ids.filter((_, at) => old[at]);
  }

  /** @throws MalloError dataset.file_missing */
  async manifest(versionId: string): Promise<Manifest> {
    const held = this.manifests.get(versionId);
    if (held) return held;
    try {
      const manifest = await readManifest(join(this.folder(versionId), 'manifest.json'));
      this.manifests.set(versionId, manifest);
      return manifest;
    } catch (error) {
      throw new MalloError('dataset.file_missing', { path: 'manifest.json' }, { cause: error });
    }
  }

  /**
   * Reads every file again: all that the manifest names are there, unaltered, and no other.
   * @throws MalloError dataset.file_missing with the path; the signal's reason when it is aborted
   */
  async verify(versionId: string, sha256: string, signal?: AbortSignal): Promise<void> {
    this.manifests.delete(versionId);
    const manifest = await this.manifest(versionId);
    const missing = (path: string) => new MalloError('dataset.file_missing', { path });
    if (manifestSha256(manifest) !== sha256) throw missing('manifest.json');
    const images = this.images(versionId);
    const check = async (image: Manifest['images'][number]) => {
      const path = join(images, image.path);
      const size = await stat(path).then(
        (state) => state.size,
        () => -1,
      );
      if (size !== image.sizeBytes || (await fileSha256(path, signal)) !== image.sha256) throw missing(image.path);
    };
    await pMap(manifest.images, check, { concurrency: FILES_AT_ONCE, signal });

    const named = new Set(manifest.images.map((image) => image.path));
    for (const entry of await readdir(images, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(images.length + 1);
      if (!entry.isDirectory() && !named.has(path)) throw missing(path);
    }
  }

  /** A class folder whose images were all damaged would be a class to the trainer. */
  private async removeEmptyClasses(folder: string, summary: VersionSummary): Promise<void> {
    const kept = new Set(summary.classes.map(({ name }) => name));
    for (const name of await readdir(join(folder, 'images'))) {
      if (!kept.has(name)) await rm(join(folder, 'images', name), { recursive: true });
      else await syncToDisk(join(folder, 'images', name));
    }
    await syncToDisk(join(folder, 'images'));
  }
}
