// What live charts cost the page, from Chromium's own trace.
//   node benchmarks/telemetry/charts/measure.mjs
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../../scripts/setup/sentences.mjs';

const { node, env } = await prepare({}).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
// The browser and the whole of Mallo are started as the end-to-end tests do, in TypeScript that only this Node reads.
const child = spawn(node, [fileURLToPath(new URL('live-charts.ts', import.meta.url))], { env, stdio: 'inherit' });
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
