import { randomBytes } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const ConnectionSettings = z.object({
  runId: z.string(),
  token: z.string(),
  apiUrl: z.url(),
  telemetryUrl: z.url(),
});
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;

/** The folder of one run, which the api, the trainer and the sidecar share. */
export class RunFolder {
  constructor(readonly path: string) {}

  /** The path of one of its files. The name is one of ours, or of a file that was found in `output`. */
  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** Where to deliver to, as it is at this moment: the api writes it anew when addresses change. */
  async connectionSettings(): Promise<ConnectionSettings> {
    return ConnectionSettings.parse(JSON.parse(await readFile(this.file('sidecar.json'), 'utf8')));
  }

  /** The trainer's exit code once no further attempt will be made; null before. */
  async trainerExitCode(): Promise<number | null> {
    const text = await readFile(this.file('trainer.done'), 'utf8').catch(() => null);
    return text === null ? null : Number.parseInt(text, 10);
  }

  has(name: string): Promise<boolean> {
    return stat(this.file(name)).then(
      () => true,
      () => false,
    );
  }

  /** Whoever reads the file sees the old or the new content, never a part. */
  async replace(name: string, content: string): Promise<void> {
    const temporary = this.file(`.${name}.${randomBytes(4).toString('hex')}`);
    await writeFile(temporary, content);
    await rename(temporary, this.file(name));
  }
}
