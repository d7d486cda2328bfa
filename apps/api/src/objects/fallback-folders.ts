import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { z } from 'zod';

/** Deeper than any registry keeps its files: `artifacts/{model}/{uuid}/model.pth`, `models/{name}/v1/weights/…`. */
const DEPTH = 5;
/** A folder of more than this is no registry but somebody's whole disk. */
const ENTRIES = 200_000;
/** A missing file is asked for again and again, and the folders may be on a slow network. */
const REMEMBER_MS = 60_000;

const FolderList = z.array(z.string().min(1));

/** The folders of `FALLBACK_PATH`: a JSON list, or separated as in PATH; null when it begins like a list and is none. */
export function foldersOf(text = ''): string[] | null {
  if (!text.trim().startsWith('[')) return text.split(delimiter).filter((folder) => folder.trim() !== '');
  try {
    return FolderList.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

type Candidate = { path: string; sizeBytes: number };

/**
 * Folders with files by any layout: named by their SHA-256, or as other registries keep them. What a file is called
 * does not matter, only its size and then its digest, so no path is ever made of a name.
 */
export class FallbackFolders {
  private readonly folders: string[];
  private seen: { atMs: number; files: Promise<Candidate[]> } | null = null;

  constructor(text: string | undefined) {
    this.folders = foldersOf(text) ?? [];
  }

  /** The first file of that size that is found to be right, those named by their digest before all others. */
  async find(sha256: string, sizeBytes: number, isRight: (path: string) => Promise<boolean>): Promise<string | null> {
    const sized = (await this.files()).filter((file) => file.sizeBytes === sizeBytes).map(({ path }) => path);
    const byName = Map.groupBy(sized, (path) => path.includes(sha256));
    for (const path of [...(byName.get(true) ?? []), ...(byName.get(false) ?? [])]) {
      // A file may be gone or closed to us since it was listed.
      if (await isRight(path).catch(() => false)) return path;
    }
    return null;
  }

  private files(): Promise<Candidate[]> {
    if (this.folders.length === 0) return Promise.resolve([]);
    if (!this.seen || Date.now() - this.seen.atMs > REMEMBER_MS) {
      this.seen = { atMs: Date.now(), files: this.list() };
    }
    return this.seen.files;
  }

  private async list(): Promise<Candidate[]> {
    const found: Candidate[] = [];
    let wave = this.folders;
    for (let depth = 0; depth < DEPTH && found.length < ENTRIES; depth += 1) {
      const deeper: string[] = [];
      for (const folder of wave) {
        // One that is missing or closed to us has nothing for us.
        for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
          const path = join(folder, entry.name);
          if (entry.isDirectory()) deeper.push(path);
          else if (entry.isFile() && found.length < ENTRIES) {
            const sizeBytes = await stat(path).then(
              ({ size }) => size,
              () => -1,
            );
            found.push({ path, sizeBytes });
          }
        }
      }
      wave = deeper;
    }
    return found;
  }
}
