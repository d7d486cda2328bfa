// A Python environment with MLflow, for one measurement.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../../scripts/setup/machine.mjs';
import { ROOT } from '../../scripts/setup/prepare.mjs';

const run = promisify(execFile);
const UV = join(ROOT, '.tools', 'uv');

/** MLflow, as pip names what is wanted of it, and what it needs to speak to PostgreSQL. @returns the Python there */
export async function mlflowIn(venv, mlflow, env) {
  const { executable } = findPython();
  const uv = join(UV, 'bin', 'uv');
  if (!existsSync(uv)) {
    const { stdout } = await run(executable, ['-m', 'pip', '--version']).catch(() => ({ stdout: '' }));
    const byHand = [join(ROOT, 'scripts', 'setup', 'fetch_uv.py'), '0.13.8', UV];
    await run(executable, stdout ? ['-m', 'pip', 'install', '--no-deps', '--target', UV, 'uv'] : byHand, { env });
  }
  await run(uv, ['venv', '--python', executable, venv], { env });
  const python = join(venv, 'bin', 'python');
  await run(uv, ['pip', 'install', '--python', python, mlflow, 'psycopg2-binary'], { env });
  return python;
}
