import { join } from 'node:path';
import { mountSmallDisk } from '@mallo/backend/testing/small-disk';
import { afterAll, beforeAll, describe } from 'vitest';
import { startTestApi, type TestApi } from './api.js';

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
