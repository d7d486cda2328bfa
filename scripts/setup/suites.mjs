import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { running } from './steps.mjs';

/**
 * @typedef {{ name: string, part: 'lint' | 'unit' | 'python' | 'e2e', isAlone?: boolean, run: () => Promise<Result> }} Suite
 *   `isAlone`: it measures times, and has the machine for itself.
 * @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[], output: string }} Result
 */

// A suite that takes longer hangs. On two busy cores the stories of whole systems need most of it.
const LIMIT_MS = 45 * 60_000;
const REPORTER = fileURLToPath(new URL('vitest-reporter.mjs', import.meta.url));

/** Every suite of the project. `folders`: the packages of the workspace. */
export function listSuites(root, folders, env, reports) {
  mkdirSync(reports, { recursive: true });
  const trainer = join(root, 'packages', 'trainer');
  const python = join(trainer, '.venv', 'bin');
  const scripts = join(root, 'scripts');
  const inRoot = { cwd: root, env };
  const inTrainer = { cwd: trainer, env };
  const mlflow = join(root, 'e2e', 'mlflow');
  const client = join(root, 'packages', 'python-client');
  const ruffed = ['--config', 'pyproject.toml', '.', scripts, mlflow, client];
  const inMlflow = { cwd: mlflow, env };
  const packages = folders.map((cwd) => {
    const { name, scripts = {} } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    return { cwd, name, scripts, isEndToEnd: relative(root, cwd) === 'e2e' };
  });
  const one = (part, name, command, args, where) => ({ name, part, run: () => runAsOne(command, args, where) });
  const vitest = (part, { cwd, name }) => ({
    name: part === 'e2e' ? 'e2e' : `tests ${name}`,
    part,
    isAlone: part === 'e2e',
    run: () => runVitest(cwd, env, join(reports, `${name.replace(/\W+/g, '-')}.json`)),
  });
  /** @type {Suite[]} */
  const suites = [
    // The longest, beside which the others run.
    {
      name: 'python tests',
      part: 'python',
      run: () => runPytest([join(python, 'python')], inTrainer, join(reports, 'pytest.xml')),
    },
    one('lint', 'lint', 'biome', ['check', '.'], inRoot),
    one('lint', 'dependencies', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'apps', 'packages'], inRoot),
    ...packages
      .filter(({ scripts }) => scripts.types?.startsWith('tsc'))
      .map(({ cwd, name }) => one('lint', `types ${name}`, 'tsc', ['--noEmit'], { cwd, env })),
    ...packages.filter((p) => p.scripts.test?.startsWith('vitest') && !p.isEndToEnd).map((p) => vitest('unit', p)),
    one('python', 'python lint', join(python, 'ruff'), ['check', ...ruffed], inTrainer),
    one('python', 'python format', join(python, 'ruff'), ['format', '--check', ...ruffed], inTrainer),
    one('python', 'python types', join(python, 'pyright'), [], inTrainer),
    one('python', 'python client types', join(python, 'pyright'), ['--project', client], inTrainer),
    ...packages.filter((p) => p.isEndToEnd).map((p) => vitest('e2e', p)),
    // Mallo's own Python client too.
    { name: 'e2e MLflow', part: 'e2e', run: () => runPytest(uvRun(root), inMlflow, join(reports, 'mlflow.xml')) },
  ];
  return suites;
}

/** A program that is right or wrong as a whole. */
async function runAsOne(command, args, where) {
  const { code, output } = await run(command, args, where);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], output };
}

async function runVitest(cwd, env, report) {
  const args = ['run', '--passWithNoTests', '--reporter=default', `--reporter=${REPORTER}`];
  const { code, output } = await run('vitest', args, { cwd, env: { ...env, MALLO_REPORT: report } });
  // Without a report it never came to the tests.
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { passed: 0, failed: 0, skipped: [] };
  return { ...told, failed: Math.max(told.failed, code === 0 ? 0 : 1), output };
}

/** Python in an environment of its own, made as the lock file says; the packages mostly are in uv's cache already. */
function uvRun(root) {
  return [join(root, '.tools', 'uv', 'bin', 'uv'), 'run', '--locked', 'python'];
}

async function runPytest([command, ...before], where, report) {
  const args = [...before, '-m', 'pytest', '-q', `--junitxml=${report}`];
  const { code, output } = await run(command, args, where);
  const xml = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const count = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const skipped = [...xml.matchAll(/<testcase [^>]*\bname="([^"]*)"[^>]*><skipped [^>]*message="([^"]*)"/g)].map(
    ([, name, reason]) => ({ name, reason }),
  );
  return {
    passed: count('tests') - failed - count('skipped'),
    failed: Math.max(failed, code === 0 ? 0 : 1),
    skipped,
    output,
  };
}

function run(command, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const timer = setTimeout(() => {
      output += `\nended after ${LIMIT_MS / 60_000} minutes\n`;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    const end = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', end);
  });
}
