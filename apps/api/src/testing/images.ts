import { crc32 } from 'node:zlib';
import { encode } from 'bmp-ts';
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

/** A picture as 24-bit BMP, which sharp does not write. */
export async function bitmap(image: Buffer): Promise<Buffer> {
  const { data, info } = await sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const abgr = Buffer.alloc(data.length);
  for (let at = 0; at < data.length; at += 4) abgr.set([255, data[at + 2] ?? 0, data[at + 1] ?? 0, data[at] ?? 0], at);
  return Buffer.from(encode({ data: abgr, width: info.width, height: info.height, bitPP: 24 }).data);
}

/** The same PNG, but its header says 60,000 × 60,000 pixels: 14 GB once decoded. */
export function hugePng(png: Buffer): Buffer {
  const huge = Buffer.from(png);
  huge.writeUInt32BE(60_000, 16);
  huge.writeUInt32BE(60_000, 20);
  // The check sum of the header covers its name and its 13 bytes.
  huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
  return huge;
}
