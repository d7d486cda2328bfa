import { statfs } from 'node:fs/promises';

/** PostgreSQL takes space for its log in files of 16 MiB; with less than one left nothing here goes on. */
const LEAST_BYTES = 16 * 1024 * 1024;

/** Whether the disk of a folder has no space to go on with. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < LEAST_BYTES;
}
