import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { openImage } from '../images/open-image.js';
import { ObjectStore } from '../objects/object-store.js';
import { DatasetFiles } from './dataset-files.js';

const SIDE = 160;
/** Up to this side an image is drawn in pixels, which smoothing would blur. */
const PIXEL_ART_SIDE = 32;

async function draw(path: string): Promise<Buffer> {
  const image = (await openImage(path)).autoOrient();
  const { autoOrient: size } = await image.metadata();
  const longer = Math.max(size.width, size.height);
  if (longer > PIXEL_ART_SIDE) {
    return image.resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toBuffer();
  }
  // By a whole number, so that every pixel becomes as large as every other.
  const times = Math.floor(SIDE / longer);
  return image
    .resize(size.width * times, size.height * times, { kernel: 'nearest' })
    .webp({ lossless: true })
    .toBuffer();
}

/** Small pictures of a dataset's images, drawn when first asked for and kept. */
@Injectable()
export class Thumbnails {
  constructor(
    private readonly files: DatasetFiles,
    private readonly store: ObjectStore,
  ) {}

  /**
   * One image at most 160 pixels wide and high, the right way up, as WebP.
   * @throws MalloError dataset.not_found when the index is beyond the last image, dataset.file_missing
   */
  async get(versionId: string, index: number): Promise<Buffer> {
    const { images } = await this.files.manifest(versionId);
    const image = images[index];
    if (!image) throw new MalloError('dataset.not_found');
    const folder = join(this.files.folder(versionId), 'thumbnails');
    const place = join(folder, `${index}.webp`);
    const kept = await readFile(place).catch(() => null);
    if (kept) return kept;

    const drawn = await draw(join(this.files.images(versionId), image.path)).catch((error: unknown) => {
      throw new MalloError('dataset.file_missing', { path: image.path }, { cause: error });
    });
    await mkdir(folder, { recursive: true });
    const temporary = this.store.temporaryPath();
    await writeFile(temporary, drawn);
    await rename(temporary, place);
    return drawn;
  }
}
