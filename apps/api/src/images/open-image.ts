import { open, readFile } from 'node:fs/promises';
import { decode } from 'bmp-ts';
import type { Sharp } from 'sharp';

/** Pillow refuses larger ones as decompression bombs, so the trainer could not read them. */
const PIXEL_LIMIT = 178_956_970;
/** What both sharp and the trainer's Pillow read. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'raw']);

/** File names that claim to be one of the formats. */
export const IMAGE_FILE = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?)$/i;

/** Loaded with the first image: it holds memory, and most starts come long before one. */
async function loadSharp() {
  const { default: sharp } = await import('sharp');
  // Images are read once each, in files that may be replaced: a cache would only hold memory.
  sharp.cache(false);
  // Several images are decoded at once, which serves better than several threads for one.
  sharp.concurrency(1);
  return sharp;
}

async function firstBytes(input: Buffer | string): Promise<Buffer> {
  if (typeof input !== 'string') return input.subarray(0, 2);
  const file = await open(input);
  try {
    return (await file.read(Buffer.alloc(2), 0, 2, 0)).buffer;
  } finally {
    await file.close();
  }
}

/** sharp's libvips reads no BMP, which cameras in factories write. */
async function openBmp(bytes: Buffer): Promise<Sharp> {
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  if (width <= 0 || height <= 0 || width * height > PIXEL_LIMIT) throw new Error('the size in the header is not right');
  const image = decode(bytes, { toRGBA: true });
  const sharp = await loadSharp();
  return sharp(image.data, { raw: { width, height, channels: 4 } }).removeAlpha();
}

/**
 * An image for decoding: PNG, JPEG, WebP, GIF (the first frame), BMP or TIFF, from bytes or a file.
 * Colour profiles are ignored, as the trainer does; turning it upright (EXIF) is left to the caller.
 * @throws Error when it is not such an image; damage further on shows when it is decoded
 */
export async function openImage(input: Buffer | string): Promise<Sharp> {
  if ((await firstBytes(input)).toString('latin1') === 'BM') {
    return openBmp(typeof input === 'string' ? await readFile(input) : input);
  }
  const sharp = await loadSharp();
  const image = sharp(input, { failOn: 'error', limitInputPixels: PIXEL_LIMIT, ignoreIcc: true });
  const { format } = await image.metadata();
  if (!FORMATS.has(format)) throw new Error(`${format} is not among the formats`);
  return image;
}

/**
 * Width and height of an image as it is seen (EXIF orientation obeyed), all of it decoded once to be sure.
 * Null when it cannot be read: not an image, cut off, too many pixels.
 */
export async function readImageSize(bytes: Buffer): Promise<{ width: number; height: number } | null> {
  try {
    const image = await openImage(bytes);
    const { autoOrient } = await image.metadata();
    // All rows are decoded, few are kept.
    await image.resize(64, 64, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch {
    return null;
  }
}

/**
 * The pixels of an image as the trainer's Pillow reads them: RGB, 8 bits, the right way up, transparency dropped,
 * grey repeated three times, 16-bit grey cut to its upper 8 bits, colour profiles ignored.
 * @throws Error when it cannot be read
 */
export async function readPixels(input: Buffer): Promise<{ data: Buffer; width: number; height: number }> {
  const image = (await openImage(input)).autoOrient().removeAlpha().toColourspace('srgb');
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height };
}
