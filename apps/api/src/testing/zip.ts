import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** What a zip is to hold, by name; a name that ends in `/` is an empty folder. */
export type Contents = Record<string, Buffer | string>;

type Options = { compress?: boolean; mode?: number };

/** A real zip of these files. */
export async function makeZip(contents: Contents, { compress = true, mode }: Options = {}): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(contents)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(content), name, { compress, ...(mode === undefined ? {} : { mode }) });
  }
  zip.end();
  return buffer(Readable.from(zip.outputStream));
}

/**
 * Replaces a name in a finished zip by other bytes of the same length, and says whether it is UTF-8: names that no
 * tool would write by itself.
 */
export function renameInZip(zip: Buffer, name: string, bytes: Buffer, utf8 = true): Buffer {
  const from = Buffer.from(name);
  if (from.length !== bytes.length) throw new Error('the names must be equally long');
  const changed = Buffer.from(zip);
  // The name stands behind the local header (30 bytes) and behind the central one (46).
  for (const [signature, flagsAt, nameAt] of [
    [0x04034b50, 6, 30],
    [0x02014b50, 8, 46],
  ] as const) {
    for (let at = 0; at + nameAt + from.length <= changed.length; at += 1) {
      if (
        changed.readUInt32LE(at) !== signature ||
        !changed
          .subarray(at + nameAt)
          .subarray(0, from.length)
          .equals(from)
      )
        continue;
      bytes.copy(changed, at + nameAt);
      const flags = changed.readUInt16LE(at + flagsAt);
      changed.writeUInt16LE(utf8 ? flags | 0x800 : flags & ~0x800, at + flagsAt);
    }
  }
  return changed;
}
