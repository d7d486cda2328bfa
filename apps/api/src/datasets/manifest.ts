import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const ManifestImage = z.strictObject({
  /** `class/file`, below the images folder. */
  path: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  width: z.int(),
  height: z.int(),
});
export type ManifestImage = z.infer<typeof ManifestImage>;

/** Every image of a dataset version, sorted by path. */
export const Manifest = z.strictObject({ images: z.array(ManifestImage) });
export type Manifest = z.infer<typeof Manifest>;

/** The images in the order of a manifest: by path, compared by code unit, the same on every machine. */
export function makeManifest(images: ManifestImage[]): Manifest {
  return { images: [...images].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** What names a version's content: the digest of what `sha256sum` would print of all its images in order. */
export function manifestSha256(manifest: Manifest): string {
  const hash = createHash('sha256');
  for (const image of manifest.images) hash.update(`${image.sha256}  ${image.path}\n`);
  return hash.digest('hex');
}

/** The class of an image, which is the folder it is in. */
export function classOf(image: ManifestImage): string {
  return image.path.slice(0, image.path.indexOf('/'));
}

export async function readManifest(path: string): Promise<Manifest> {
  return Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeFile(path, JSON.stringify(manifest), { flush: true });
}
