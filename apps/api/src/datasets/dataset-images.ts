import type { DatasetImage } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { DatasetFiles } from './dataset-files.js';
import { classOf, type Manifest } from './manifest.js';

export type ImageQuery = { className?: string; offset: number; limit: number; sample: boolean };

/** The same images in an order that takes one of each class in turn. */
function spread(indices: number[], manifest: Manifest): number[] {
  const seen = new Map<string, number>();
  const turn = indices.map((index) => {
    const image = manifest.images[index];
    const name = image ? classOf(image) : '';
    const at = seen.get(name) ?? 0;
    seen.set(name, at + 1);
    return { index, at };
  });
  return turn.sort((a, b) => a.at - b.at || a.index - b.index).map(({ index }) => index);
}

/** The images of a version, a page at a time. */
@Injectable()
export class DatasetImages {
  constructor(private readonly files: DatasetFiles) {}

  /** @throws MalloError dataset.file_missing */
  async page(versionId: string, query: ImageQuery): Promise<{ total: number; images: DatasetImage[] }> {
    const manifest = await this.files.manifest(versionId);
    const matching = manifest.images.flatMap((image, index) =>
      query.className === undefined || classOf(image) === query.className ? [index] : [],
    );
    const ordered = query.sample ? spread(matching, manifest) : matching;
    const images = ordered.slice(query.offset, query.offset + query.limit).flatMap((index) => {
      const image = manifest.images[index];
      if (!image) return [];
      const { path, width, height, sizeBytes } = image;
      return [{ index, path, className: classOf(image), width, height, sizeBytes }];
    });
    return { total: matching.length, images };
  }
}
