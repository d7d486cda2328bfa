import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { receive, syncToDisk } from '../../objects/receive.js';

/** A part that has arrived; its file is named by both. */
export type Part = { number: number; sha256: string };

/** Parts of files on their way, each a file of its own: `FOLDER/UPLOAD/NUMBER-SHA256`. */
export class Parts {
  constructor(private readonly folder: string) {}

  async begin(id: string): Promise<void> {
    await mkdir(join(this.folder, id), { recursive: true });
  }

  async isUnderWay(id: string): Promise<boolean> {
    return (await this.names(id)) !== null;
  }

  /** Keeps a part, in the place of one of the same number; a half part is never seen. @throws MalloError request.too_large */
  async put(id: string, number: number, bytes: NodeJS.ReadableStream, limitBytes: number): Promise<Part> {
    const arriving = join(this.folder, id, `arriving-${number}-${crypto.randomUUID()}`);
    const { sha256 } = await receive(bytes, arriving, limitBytes);
    await syncToDisk(arriving);
    await rename(arriving, join(this.folder, id, `${number}-${sha256}`));
    for (const name of (await this.names(id)) ?? []) {
      const isOlder = name.startsWith(`${number}-`) && name !== `${number}-${sha256}`;
      if (isOlder) await rm(join(this.folder, id, name), { force: true });
    }
    return { number, sha256 };
  }

  /** The parts that have arrived, by their numbers. */
  async arrived(id: string): Promise<Map<number, string>> {
    const found = ((await this.names(id)) ?? []).flatMap((name) => {
      const [, number, sha256 = ''] = /^(\d+)-([0-9a-f]{64})$/.exec(name) ?? [];
      return number === undefined ? [] : [[Number(number), sha256] as const];
    });
    return new Map(found);
  }

  /** The bytes of parts one after the other. */
  joined(id: string, parts: Part[]): Readable {
    const { folder } = this;
    return Readable.from(
      (async function* () {
        for (const { number, sha256 } of parts) {
          yield* createReadStream(join(folder, id, `${number}-${sha256}`), { highWaterMark: 1 << 20 });
        }
      })(),
      { objectMode: false },
    );
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** Forgets the uploads that began before `before`. */
  async forgetBegunBefore(before: Date): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const id of await readdir(this.folder)) {
      // A folder is changed by every part that comes into it, so one under way is never old.
      const { mtime } = await stat(join(this.folder, id));
      if (mtime < before) await this.forget(id);
    }
  }

  private async names(id: string): Promise<string[] | null> {
    try {
      return await readdir(join(this.folder, id));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }
}
