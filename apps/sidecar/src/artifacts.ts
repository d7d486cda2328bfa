import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '@mallo/client';
import { runRoutes } from '@mallo/contracts';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Connection } from './connection.js';
import type { RunFolder } from './run-folder.js';

const RECORD = 'sidecar.uploads.json';
const LOOK_EVERY_MS = 200;
/** A checkpoint of a small model is written every few seconds, but to send each would slow the training down. */
const SAME_FILE_AGAIN_MS = 60_000;
/** A file that changes while it is read is read again; one that is refused this often is given up. */
const TRIES = 5;
const CHECKPOINTS = ['best.pth', 'last.pth'];

const Upload = z.object({ sha256: z.string(), sizeBytes: z.number(), modifiedMs: z.number() });
type Upload = z.infer<typeof Upload>;

/** Sends the files of a training to the api: checkpoints from time to time, and all of them at the end. */
export class Artifacts {
  private readonly due = new Set(CHECKPOINTS);
  private readonly triedMs = new Map<string, number>();
  private sent: Record<string, Upload> = {};

  constructor(
    private readonly folder: RunFolder,
    private readonly connection: Connection,
    private readonly log: Logger,
  ) {}

  /** A checkpoint was written; only its newest state is sent. */
  checkpointWritten(name: string): void {
    if (CHECKPOINTS.includes(name)) this.due.add(name);
  }

  /**
   * Sends until the trainer has ended and everything is sent.
   * @returns the names of files that the api refused.
   */
  async deliver(): Promise<string[]> {
    this.sent = await this.readRecord();
    let exitCode = await this.folder.trainerExitCode();
    while (exitCode === null) {
      const name = [...this.due].find((one) => Date.now() - (this.triedMs.get(one) ?? 0) > SAME_FILE_AGAIN_MS);
      if (name) {
        this.due.delete(name);
        this.triedMs.set(name, Date.now());
        await this.send(name);
      } else {
        await wait(LOOK_EVERY_MS);
      }
      exitCode = await this.folder.trainerExitCode();
    }
    const refused: string[] = [];
    for (const name of await this.outputFiles()) {
      // It is for going on with a training, and this one went to its end.
      if (exitCode === 0 && name === 'last.pth') continue;
      if (!(await this.send(name))) refused.push(name);
    }
    return refused;
  }

  /** @returns false when the file was refused for good. */
  private async send(name: string): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.sendIfChanged(name);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
        // NotReadableError: the trainer replaced the file while it was read.
        const again = error instanceof ApiError || (error instanceof Error && error.name === 'NotReadableError');
        if (!again) throw error;
        this.log.warn({ file: name, tries, error: error.message }, 'file not taken');
        if (tries === TRIES) return false;
      }
    }
  }

  private async sendIfChanged(name: string): Promise<void> {
    const path = this.folder.file('output', name);
    const { size: sizeBytes, mtimeMs: modifiedMs } = await stat(path);
    const before = this.sent[name];
    if (before?.sizeBytes === sizeBytes && before.modifiedMs === modifiedMs) return;
    const bytes = await openAsBlob(path);
    const sha256 = await sha256Of(bytes);
    if (before?.sha256 !== sha256) {
      await this.connection.request(`file ${name}`, ({ runId, api }) =>
        api.upload(runRoutes.putArtifact, { params: { runId, name }, query: { sha256 } }, bytes),
      );
      this.log.info({ file: name, sizeBytes }, 'file delivered');
    }
    this.sent[name] = { sha256, sizeBytes, modifiedMs };
    await this.folder.replace(RECORD, JSON.stringify(this.sent));
  }

  /** Files that have a name the api takes; recipes write no others, and temporary ones begin with a dot. */
  private async outputFiles(): Promise<string[]> {
    const entries = await readdir(this.folder.file('output'), { withFileTypes: true }).catch(() => []);
    const { name } = runRoutes.putArtifact.params.shape;
    return entries.filter((entry) => entry.isFile() && name.safeParse(entry.name).success).map((entry) => entry.name);
  }

  private async readRecord(): Promise<Record<string, Upload>> {
    const text = await readFile(this.folder.file(RECORD), 'utf8').catch(() => '{}');
    return z.record(z.string(), Upload).parse(JSON.parse(text));
  }
}

async function sha256Of(bytes: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes.stream()) hash.update(chunk);
  return hash.digest('hex');
}
