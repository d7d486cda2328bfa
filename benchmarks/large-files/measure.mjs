// How much memory the api takes while a large model goes up, comes down, out into a file and in again.
//   node benchmarks/large-files/measure.mjs [GIGABYTES]
import { join } from 'node:path';
import process from 'node:process';
import { prepare, ROOT } from '../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../scripts/setup/sentences.mjs';

const { node, env } = await prepare({ packages: '@mallo/api...' }).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
const { measure } = await import('./figures.mjs');
const sizeBytes = Math.round(Number(process.argv[2] ?? 2) * 1e9);
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
await measure(
  { api: join(ROOT, 'apps', 'api', 'dist', 'main.js'), node, env, sizeBytes },
  ({ what, seconds, before, most, note }) =>
    console.log(
      `${what}: ${seconds.toFixed(1)} s, memory ${megabytes(before)} before, ${megabytes(most)} at most. ${note}`,
    ),
);
