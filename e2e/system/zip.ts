import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { ZipFile } from 'yazl';

/** A PNG of one colour with some noise, so that two of them differ. */
export function picture(red: number, green: number, blue: number, size = 48): Promise<Buffer> {
  const pixels = Buffer.alloc(size * size * 3);
  for (let i = 0; i < pixels.length; i += 3) {
    const noise = Math.floor(Math.random() * 40);
    pixels.set([Math.min(red + noise, 255), Math.min(green + noise, 255), Math.min(blue + noise, 255)], i);
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

/** A zip of these files. */
export async function zipOf(files: Record<string, Buffer | string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** Three kinds of cats that can be told apart by their colour, `count` images each. */
export async function cats(count: number): Promise<Buffer> {
  const kinds = { 치즈: [200, 120, 20], 턱시도: [20, 20, 20], 고등어: [110, 110, 110] } as const;
  const files: Record<string, Buffer> = {};
  for (const [kind, [red, green, blue]] of Object.entries(kinds)) {
    for (let i = 0; i < count; i++) files[`cats/${kind}/${i}.png`] = await picture(red, green, blue);
  }
  return zipOf(files);
}
