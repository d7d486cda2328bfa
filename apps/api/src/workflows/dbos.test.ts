import { expect, test } from 'vitest';
import { startTestApi } from '../testing/api.js';

test('the api starts without asking anything of the database in a way that will no longer do', async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error) => warnings.push(warning);
  process.on('warning', collect);
  const api = await startTestApi();
  await api.close();
  process.off('warning', collect);
  expect(warnings.filter(({ name }) => name === 'DeprecationWarning')).toEqual([]);
});
