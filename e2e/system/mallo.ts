import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@mallo/client';
import { identityRoutes, systemRoutes } from '@mallo/contracts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The environment of the recipes. */
export const PYTHON = join(ROOT, 'packages', 'trainer', '.venv', 'bin', 'python');
const CLI = join(ROOT, 'apps', 'cli', 'dist', 'main.js');
const START_MS = 90_000;

export type Part = 'api' | 'telemetry' | 'intent-parser' | 'web' | 'sidecar';

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Looks again and again until something is there. @throws Error that says what was waited for */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await wait(100);
  }
  throw new Error(`waited ${ms / 1000} s in vain for ${what}`, { cause: last });
}

/** A real Mallo with its own data folder and port: what `npm start` starts once everything is built. */
export class RunningMallo {
  readonly home = mkdtempSync(join(tmpdir(), 'mallo-e2e-'));
  readonly port: number;
  private readonly env: NodeJS.ProcessEnv;
  private supervisor: ChildProcess | null = null;
  private output = '';

  private constructor(port: number, env: NodeJS.ProcessEnv) {
    this.port = port;
    this.env = env;
  }

  static async start(env: NodeJS.ProcessEnv = {}): Promise<RunningMallo> {
    const mallo = new RunningMallo(await freePort(), env);
    const { MALLO_E2E_MACHINE: measured } = mallo.environment;
    if (measured) writeFileSync(join(mallo.home, 'machine.json'), measured);
    await mallo.start();
    return mallo;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, NODE_ENV: 'production', MALLO_HOME: this.home, PORT: String(this.port), ...this.env };
  }

  async start(): Promise<void> {
    this.output = '';
    const child = spawn(process.execPath, [CLI, 'serve'], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => (this.output += data));
    child.stderr.on('data', (data) => (this.output += data));
    this.supervisor = child;
    await until(
      'Mallo to say its address',
      () => {
        if (child.exitCode !== null) throw new Error(`Mallo ended with ${child.exitCode}: ${this.output}`);
        return this.output.includes(this.url) || undefined;
      },
      START_MS,
    ).catch((error: unknown) => {
      throw new Error(`${this.output}\n${this.logs()}`, { cause: error });
    });
  }

  /** Ends it as Ctrl-C does. @returns the exit code */
  async stop(): Promise<number | null> {
    const child = this.supervisor;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    child.kill('SIGINT');
    await once(child, 'exit');
    return child.exitCode;
  }

  /** Ends it, if it runs, kills what is left of its trainings, and removes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    for (const pid of this.processes()) kill(pid);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Kills parts as `kill -9` does; the supervisor starts them again. */
  killPart(part: Part): void {
    const found = this.processes().filter((pid) => commandLine(pid).includes(`apps/${part}/`));
    if (found.length === 0) throw new Error(`${part} is not running`);
    for (const pid of found) kill(pid);
  }

  /** Kills every process of Mallo at once, with or without its trainers. */
  async killAll({ trainers }: { trainers: boolean }): Promise<void> {
    const child = this.supervisor;
    const gone = child && child.exitCode === null ? once(child, 'exit') : null;
    for (const pid of this.processes()) {
      if (trainers || !commandLine(pid).includes('/recipes/')) kill(pid);
    }
    await gone;
  }

  /** Every process that has this data folder in its environment or command line. */
  processes(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid)
      .filter((pid) => commandLine(pid).includes(this.home) || environment(pid).includes(`MALLO_HOME=${this.home}\0`));
  }

  /** A client of the owner, signed in as the terminal does. */
  async client(): Promise<Client> {
    const { localKey } = JSON.parse(readFileSync(join(this.home, 'secrets.json'), 'utf8')) as { localKey: string };
    const stranger = new Client({ baseUrl: this.url });
    const { accessToken } = await stranger.call(identityRoutes.local, { body: { key: localKey } });
    return new Client({ baseUrl: this.url, accessToken });
  }

  /** Waits until the api answers (again). */
  async answers(): Promise<void> {
    await until('the api to answer', () => new Client({ baseUrl: this.url }).call(systemRoutes.health));
  }

  /** The last lines of every part's log. */
  logs(): string {
    const folder = join(this.home, 'logs');
    return readdirSync(folder)
      .map((name) => `── ${name}\n${readFileSync(join(folder, name), 'utf8').split('\n').slice(-15).join('\n')}`)
      .join('\n');
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function commandLine(pid: number): string {
  return readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function environment(pid: number): string {
  return readOr(`/proc/${pid}/environ`);
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
