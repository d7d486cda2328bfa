import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './mallo.ts';

/**
 * For vitest's `globalSetup`: what every new Mallo would find out at its first start, which takes ten seconds of the
 * processor, measured once for all of them.
 */
export default async function setup(): Promise<void> {
  // Each project of vitest.config.ts has it.
  if (process.env.MALLO_E2E_MACHINE) return;
  const trainer = join(ROOT, 'packages', 'trainer');
  const { stdout } = await promisify(execFile)(join(trainer, '.venv', 'bin', 'python'), [
    '-m',
    'mallo_trainer.machine',
  ]);
  process.env.MALLO_E2E_MACHINE = stdout;
}
