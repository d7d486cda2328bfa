import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { startTestApi, type TestApi } from './api.js';

/** A file system of so many megabytes; null where this user may not mount one. */
function mountSmallDisk(megabytes: number): { folder: string; remove: () => void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'mallo-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    remove: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Tests of an api whose data is on a disk of so many megabytes; `api` gives it once the tests run. */
export function describeOnSmallDisk(megabytes: number, tests: (api: () => TestApi) => void): void {
  const disk = mountSmallDisk(megabytes);
  describe.skipIf(!disk)('on a full disk (needs the right to mount a small one)', () => {
    let api: TestApi;
    beforeAll(async () => {
      api = await startTestApi({ MALLO_HOME: join(disk?.folder ?? '', 'home') });
    });
    afterAll(async () => {
      await api.close();
      disk?.remove();
    });
    tests(() => api);
  });
}
