import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes the folder for this process, or answers null when another process has it.
 *
 * The lock is the kernel's own lock on a file, held through SQLite: it ends with the process however the
 * process ends, so it can be neither stale nor taken twice. A file with a pid in it could be both.
 */
export function lockHome(home: string): { release(): void } | null {
  const database = new DatabaseSync(join(home, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // SQLITE_BUSY; anything else (a full disk, no right to write) is the caller's to tell.
    if ((error as { errcode?: number }).errcode === 5) return null;
    throw error;
  }
  return { release: () => database.close() };
}
