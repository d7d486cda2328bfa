import type { Dirent } from 'node:fs';
import { createReadStream } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunId } from './paths.js';
import type { Report, SourceFile } from './source.js';
import { words } from './words.js';

/**
 * The folders in which files of runs are looked for. Where a record says that they are is where they were once, and may be
 * any folder of the machine: only what lies in the folders that were given is read.
 */
export class ArtifactFolders {
  constructor(private readonly roots: readonly string[]) {}

  /** The folder of a run or logged model that had this address; null when none of it is here. */
  async find(address: string): Promise<string | null> {
    const segments = segmentsOf(address);
    // `1/RUN/artifacts`, `1/models/m-…/artifacts`, or `RUN/artifacts` of an experiment that had a folder of its own.
    for (const count of [4, 3, 2]) {
      const last = segments.slice(-count);
      if (last.length < count || last.at(-1) !== 'artifacts' || !last.every(isName)) continue;
      for (const root of this.roots) {
        const folder = join(root, ...last);
        if (await isFolder(folder)) return folder;
      }
    }
    return null;
  }

  /** Whether an address is of a storage that no folder stands for. */
  static isElsewhere(address: string): boolean {
    const [, scheme = ''] = /^([a-z][a-z0-9+.-]+):/i.exec(address) ?? [];
    return scheme !== '' && !['file', 'mlflow-artifacts'].includes(scheme.toLowerCase());
  }
}

/** All files below a folder, none where there is no folder; links are not followed, for they may lead anywhere. */
export async function* filesBelow(
  folder: string,
  what: string,
  report: Report,
  under = '',
): AsyncGenerator<SourceFile> {
  const entries = await readdir(join(folder, under), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && under === '') return [];
    throw error;
  });
  for (const entry of entries.toSorted(byName)) {
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* filesBelow(folder, what, report, path);
    else if (!entry.isFile()) report.problem(`${what} ${path}`, words.notAFile());
    else {
      const whole = join(folder, path);
      const { size } = await lstat(whole);
      yield { path, sizeBytes: size, open: async () => createReadStream(whole) };
    }
  }
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

function segmentsOf(address: string): string[] {
  try {
    const path = address.startsWith('file:') ? fileURLToPath(address) : address.replace(/^[a-z-]+:\/*/i, '');
    return path.split(/[/\\]/).filter((segment) => segment !== '');
  } catch {
    return [];
  }
}

function isName(segment: string): boolean {
  return isRunId(segment);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
