import sharp from 'sharp';

/** A small real picture; another seed gives other pixels. */
export function picture(
  seed: number,
  { width = 12, height = 10, format = 'png' as 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif' } = {},
): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = (at * 7 + seed * 53 + ((at * seed) % 97)) % 256;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    [format]()
    .toBuffer();
}

/** Files of a dataset: `count` different pictures in each class's folder. */
export async function classFolders(classes: Record<string, number>): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  let seed = 1;
  for (const [name, count] of Object.entries(classes)) {
    for (let number = 1; number <= count; number += 1) {
      files[`${name}/${number}.png`] = await picture(seed);
      seed += 1;
    }
  }
  return files;
}
