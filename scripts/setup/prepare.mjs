import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf, hashOfSources, openStamps } from './fingerprint.mjs';
import { checkFolder, findPython } from './machine.mjs';
import { Refusal, refusals, titles } from './sentences.mjs';
import { runProgram, runSteps } from './steps.mjs';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const TOOLS = join(ROOT, '.tools');
const TRAINER = join(ROOT, 'packages', 'trainer');

const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';
const UV_VERSION = '0.13.8';

/** Links to the pnpm program of this platform: the package `pnpm` would make them in an install script. */
const PNPM_FOLDER = join(TOOLS, 'pnpm');

/** What `npm run` adds to the environment about itself; it would redirect the npm that is run from here. */
const OF_NPM_RUN = /^npm_(lifecycle_|package_|command$|config_(local_prefix|prefix|global_prefix|globalconfig)$)/;

/**
 * Brings what a command needs, once: tools, packages, builds, and the Python environment where it is wanted.
 * Each part is passed over when nothing it is made from has changed.
 *
 * @param {{ packages?: string, python?: 'run' | 'develop', beforehand?: () => Promise<void> }} wanted
 *   `packages`: a pnpm filter, else all of them; `beforehand`: what is better known before minutes are spent.
 * @returns the Node to run everything with, and the environment for it.
 */
export async function prepare({ packages, python, beforehand }) {
  const foundPython = python ? findPython() : null;
  const node = nodeToUse();
  const env = environment(node);
  const stamps = openStamps(join(TOOLS, 'stamps'));
  const base = { logFolder: join(TOOLS, 'logs'), env, cwd: ROOT };
  const steps = [
    toolchainStep(node, base),
    packagesStep(packages, stamps, base),
    buildStep(packages, stamps, base),
    ...(foundPython ? pythonSteps(foundPython, python, stamps, base) : []),
  ];
  if (steps.some(({ needed }) => needed)) {
    checkFolder(ROOT, Boolean(python));
    await beforehand?.();
  }
  await runSteps(steps);
  return { node: node.path, env };
}

/** What was brought for the command line before, though its sources may be newer by now; null where it is not there. */
export function asBuilt() {
  const node = nodeToUse();
  const isThere =
    existsSync(join(ROOT, 'apps', 'cli', 'dist', 'main.js')) && versionOf(node.path, ['--version']) !== '';
  return isThere ? { node: node.path, env: environment(node) } : null;
}

/** The Node that runs this when it is new enough, else one from the registry. */
function nodeToUse() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return { path: process.execPath, package: null };
  // npm's `node` package fetches this one in an install script, which npm 11 holds back.
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${process.platform}-${process.arch}`;
  return { path: join(TOOLS, 'node_modules', name, 'bin', 'node'), package: name };
}

function environment(node) {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_NPM_RUN.test(name)));
  const folders = [dirname(node.path), PNPM_FOLDER, join(ROOT, 'node_modules', '.bin'), process.env.PATH];
  delete kept.VIRTUAL_ENV;
  return {
    ...kept,
    PATH: folders.join(delimiter),
    // No word to anybody about this machine.
    TURBO_TELEMETRY_DISABLED: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    CI: '1',
    FORCE_COLOR: '0',
    // Python is the one found here: uv's own would come from outside the registries.
    UV_PYTHON_DOWNLOADS: 'never',
  };
}

function toolchainStep(node, base) {
  const specs = [`pnpm@${PNPM_VERSION}`, ...(node.package ? [`${node.package}@${NODE_VERSION}`] : [])];
  const pnpm = join(PNPM_FOLDER, 'pnpm');
  const isThere = () => versionOf(node.path, ['--version']) !== '' && versionOf(pnpm, ['--version']) === PNPM_VERSION;
  const nodeIsRight = !node.package || installedVersion(node.package) === NODE_VERSION;
  return {
    title: titles.toolchain,
    needed: !(nodeIsRight && isThere()),
    run: async (show) => {
      const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
        ? [process.execPath, process.env.npm_execpath]
        : ['npm'];
      const [command, ...args] = [
        ...npm,
        'install',
        '--prefix',
        TOOLS,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--save-exact',
        '--fetch-retry-mintimeout=1000',
        '--fetch-retry-maxtimeout=5000',
        ...specs,
      ];
      const where = { ...base, title: titles.toolchain, name: 'toolchain', registry: 'registry.npmjs.org' };
      try {
        await runProgram(command, args, where, show);
      } catch (error) {
        const unknown = node.package && /ETARGET|E404|EBADPLATFORM/.test(error.details ?? '');
        throw unknown ? new Refusal(refusals.noNode24(`${process.platform}-${process.arch}`)) : error;
      }
      linkPnpm(pnpm);
      if (!isThere()) throw new Refusal(refusals.noNode24(`${process.platform}-${process.arch}`));
    },
  };
}

function linkPnpm(link) {
  const scope = join(TOOLS, 'node_modules', '@pnpm');
  const program = readdirSync(scope).find((name) => name.startsWith('exe.'));
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  if (program) symlinkSync(join(scope, program, 'pnpm'), link);
}

function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(TOOLS, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return '';
  }
}

function versionOf(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** Every package of the workspace, by folder. */
export function workspaceFolders() {
  const inside = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(ROOT, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(ROOT, parent, entry.name)),
  );
  return [...inside, join(ROOT, 'e2e'), join(ROOT, 'benchmarks')].filter((folder) =>
    existsSync(join(folder, 'package.json')),
  );
}

function packagesStep(filter, stamps, base) {
  const manifests = [ROOT, ...workspaceFolders()].map((folder) => join(folder, 'package.json'));
  const locks = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(ROOT, name));
  const hash = hashOf([NODE_VERSION, PNPM_VERSION], [...locks, ...manifests]);
  const stamp = filter ? 'packages-of-parser' : 'packages';
  const isDone = stamps.is('packages', hash) || stamps.is(stamp, hash);
  return {
    title: titles.packages,
    needed: !isDone || !existsSync(join(ROOT, 'node_modules')),
    run: async (show) => {
      // An install for a part may take away what the whole had.
      stamps.clear('packages');
      const args = ['install', '--frozen-lockfile', ...(filter ? ['--filter', filter, '--filter', 'mallo'] : [])];
      const where = { ...base, title: titles.packages, name: 'packages', registry: 'registry.npmjs.org' };
      await runProgram('pnpm', args, where, show);
      stamps.set(stamp, hash);
    },
  };
}

function buildStep(filter, stamps, base) {
  const folders = workspaceFolders();
  const hash = `${hashOfSources(folders)} ${hashOf(
    [],
    ['tsconfig.base.json', 'turbo.json'].map((name) => join(ROOT, name)),
  )}`;
  const stamp = filter ? 'build-of-parser' : 'build';
  const programs = filter ? ['intent-parser'] : ['api', 'cli', 'intent-parser', 'sidecar', 'telemetry'];
  const isBuilt =
    programs.every((app) => existsSync(join(ROOT, 'apps', app, 'dist', 'main.js'))) &&
    (filter || existsSync(join(ROOT, 'apps', 'web', '.next', 'BUILD_ID')));
  const isDone = stamps.is('build', hash) || stamps.is(stamp, hash);
  return {
    title: titles.build,
    needed: !isDone || !isBuilt,
    run: async (show) => {
      const args = ['run', 'build', '--cache-dir=.turbo/cache', '--output-logs=new-only', '--log-prefix=task'];
      const filters = filter ? ['--filter', filter] : ['--filter', './apps/*', '--filter', './packages/*'];
      await runProgram('turbo', [...args, ...filters], { ...base, title: titles.build, name: 'build' }, show);
      stamps.set(stamp, hash);
    },
  };
}

/** uv, and with it the environment that trainings run in; for developing, also the tools that check it. */
function pythonSteps(python, purpose, stamps, base) {
  const uvFolder = join(TOOLS, 'uv');
  const uv = join(uvFolder, 'bin', 'uv');
  const sources = ['uv.lock', 'pyproject.toml'].map((name) => join(TRAINER, name));
  const hash = hashOf([UV_VERSION, python.executable, python.version], sources);
  const isDone = stamps.is('python-develop', hash) || stamps.is(`python-${purpose}`, hash);
  const environmentIsThere = existsSync(join(TRAINER, '.venv', 'bin', 'python'));
  const needed = !isDone || !environmentIsThere;
  return [
    {
      title: titles.uv,
      needed: needed && !versionOf(uv, ['--version']).includes(UV_VERSION),
      run: async (show) => {
        const where = { ...base, title: titles.uv, name: 'uv', registry: 'pypi.org' };
        const hasPip = versionOf(python.executable, ['-m', 'pip', '--version']) !== '';
        // With --target it is allowed beside a Python that the system manages (PEP 668).
        const byPip = ['-m', 'pip', 'install', '--upgrade', '--no-deps', '--target', uvFolder, `uv==${UV_VERSION}`];
        const byHand = [join(ROOT, 'scripts', 'setup', 'fetch_uv.py'), UV_VERSION, uvFolder];
        await runProgram(python.executable, hasPip ? byPip : byHand, where, show);
      },
    },
    {
      title: titles.python,
      needed,
      run: async (show) => {
        // The environment may be a new one, which has nothing of what was there, or be left half made.
        for (const made of ['run', 'develop']) stamps.clear(`python-${made}`);
        const args = ['sync', '--frozen', '--python', python.executable];
        // What a developer's environment has beside stays.
        if (purpose === 'run') args.push('--no-dev', '--inexact');
        const where = { ...base, cwd: TRAINER, title: titles.python, name: 'python', registry: 'pypi.org' };
        await runProgram(uv, args, where, show);
        stamps.set(`python-${purpose}`, hash);
      },
    },
  ];
}
