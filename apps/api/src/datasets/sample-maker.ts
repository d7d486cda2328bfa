import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LocalText, MalloError, type SampleKind } from '@mallo/contracts';
import { tookLongerThan } from '../background/python-process.js';

const TIMEOUT_MS = 60_000;
const run = promisify(execFile);

function reasonOf(error: unknown): string | LocalText {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('killed' in error && error.killed) return tookLongerThan(TIMEOUT_MS / 1000);
  const stderr = 'stderr' in error ? String(error.stderr) : '';
  return stderr.trim().split('\n').at(-1)?.slice(0, 300) || String(error);
}

/**
 * Has the Python environment write a sample dataset as a zip.
 * @throws MalloError training.python_missing, sample.failed
 */
export async function makeSample(trainerFolder: string, kind: SampleKind, zipPath: string): Promise<void> {
  const python = join(trainerFolder, '.venv', 'bin', 'python');
  await access(python).catch((error: unknown) => {
    throw new MalloError('training.python_missing', {}, { cause: error });
  });
  try {
    await run(python, ['-m', 'mallo_trainer.samples', kind, zipPath], { timeout: TIMEOUT_MS, cwd: trainerFolder });
  } catch (error) {
    throw new MalloError('sample.failed', { problem: reasonOf(error) }, { cause: error });
  }
}
