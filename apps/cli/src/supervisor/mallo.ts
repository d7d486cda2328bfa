import { mkdir } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { type FrontDoor, openFrontDoor, type Parts } from '../front-door/front-door.js';
import { lockHome } from '../home/lock.js';
import { openSecrets } from '../home/secrets.js';
import { choosePorts, readState, type State, writeState } from '../home/state.js';
import { Refusal, refusals } from '../sentences.js';
import type { Settings } from '../settings.js';
import { Child, type ChildSpec } from './child.js';
import { type Ports, SERVICES, type Service, serviceSpecs } from './children.js';
import { databaseUrl, type PostgresPlace, preparePostgres } from './postgres.js';
import { hasEnded, isRunning } from './processes.js';
import { writePrometheusTargets } from './prometheus-targets.js';

/** How long a part may take to end by itself. The api waits for its trainers to write a checkpoint. */
const API_PATIENCE_MS = 6000;
const PATIENCE_MS = 3000;
/** What a service allows itself to close in when its supervisor is gone. */
const CLOSING_MS = 11_000;

export type Listener = { restarting(part: string): void; gaveUp(problem: Refusal): void };

/** The address people open, and the front door's own, which differs behind another proxy. */
export type Place = { url: string; door: string };

/** One Mallo: the front door, PostgreSQL and the services, all children of this process. */
export class Mallo {
  private lock: { release(): void } | null = null;
  private door: FrontDoor | null = null;
  private postgres: Child | null = null;
  private services: Record<Service, Child> | null = null;
  private ports: Ports | null = null;
  private isStarted = false;
  private stopped: Promise<void> | null = null;
  private state: State | null = null;
  private noted: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: Settings,
    private readonly listener: Listener,
    private readonly specsOf: typeof serviceSpecs = serviceSpecs,
  ) {}

  /**
   * Resolves with its addresses once everything can be used.
   * @throws Refusal with everything closed again, or AbortError when it was stopped meanwhile.
   */
  async start(): Promise<Place> {
    try {
      return await this.open();
    } catch (error) {
      await this.stop();
      throw asRefusal(error, this.settings.MALLO_HOME);
    }
  }

  /** Closes all parts in order: the api first, so that it can end its trainers, and PostgreSQL last. */
  stop(): Promise<void> {
    this.stopped ??= this.close();
    return this.stopped;
  }

  /** Ends everything at once. What is durable is durable at every moment. */
  kill(): void {
    for (const child of this.children()) child.kill();
  }

  private async open(): Promise<Place> {
    const home = this.settings.MALLO_HOME;
    await mkdir(join(home, 'logs'), { recursive: true, mode: 0o700 });
    const last = await readState(home);
    this.lock = lockHome(home);
    if (!this.lock) throw new Refusal(refusals.alreadyRunning(last?.url, home));
    const secrets = await openSecrets(home);
    const { HOST, PORT, MALLO_URL, DATABASE_URL } = this.settings;
    const ownHosts = MALLO_URL ? [new URL(MALLO_URL).hostname] : [];
    this.door = await openFrontDoor(HOST, PORT, () => this.parts(), ownHosts);
    const door = doorAddress(HOST, this.door.port);
    const url = MALLO_URL ?? door;
    this.ports = await choosePorts([...SERVICES, 'postgres'], last?.ports);
    await endLeftChildren(last, home);
    this.state = { pid: process.pid, url, door, ports: this.ports, children: {} };
    await this.noteState();
    await writePrometheusTargets(home, this.ports);

    const place = {
      home,
      log: join(home, 'logs', 'postgres.log'),
      port: this.ports.postgres,
      password: secrets.postgresPassword,
    };
    const specs = this.specsOf(this.settings, url, this.ports, secrets, DATABASE_URL ?? databaseUrl(place));
    this.services = {
      telemetry: this.child(specs.telemetry),
      'intent-parser': this.child(specs['intent-parser']),
      api: this.child(specs.api),
      web: this.child(specs.web),
    };
    const { telemetry, api, ...withoutDatabase } = this.services;
    const withDatabase = async () => {
      if (!DATABASE_URL) await this.startPostgres(place);
      this.refuseWhenStopped();
      await Promise.all([telemetry.start(), api.start()]);
    };
    await Promise.all([withDatabase(), ...Object.values(withoutDatabase).map((service) => service.start())]);
    this.isStarted = true;
    return { url, door };
  }

  private async startPostgres(place: PostgresPlace): Promise<void> {
    const spec = await preparePostgres(place);
    this.refuseWhenStopped();
    this.postgres = this.child(spec);
    await this.postgres.start();
  }

  private async close(): Promise<void> {
    await this.services?.api.stop(API_PATIENCE_MS);
    const { telemetry, web, 'intent-parser': parser } = this.services ?? {};
    await Promise.all([telemetry, web, parser].map((service) => service?.stop(PATIENCE_MS)));
    await this.postgres?.stop(PATIENCE_MS);
    await this.door?.close();
    await this.noted.catch(() => undefined);
    this.lock?.release();
  }

  private child(spec: ChildSpec): Child {
    const started = (name: string, pid: number) => {
      if (!this.state) return;
      this.state.children[name] = pid;
      // The start itself does not depend on it, and a full disk is told of by whatever needs the disk.
      this.noteState().catch(() => undefined);
    };
    return new Child(spec, { ...this.listener, started });
  }

  /** One write after the other, each of the latest. */
  private noteState(): Promise<void> {
    const write = () => (this.state ? writeState(this.settings.MALLO_HOME, this.state) : undefined);
    this.noted = this.noted.catch(() => undefined).then(write);
    return this.noted;
  }

  private children(): Child[] {
    return [...Object.values(this.services ?? {}), ...(this.postgres ? [this.postgres] : [])];
  }

  private parts(): Parts | null {
    const { services, ports } = this;
    if (!services || !ports) return null;
    const part = (name: Service) => ({ name, port: ports[name], up: services[name].up });
    // Before all of them are there, the page could only say what it misses; the door's own waits for them.
    const web = { ...part('web'), up: this.isStarted && services.web.up };
    return { api: part('api'), telemetry: part('telemetry'), web };
  }

  private refuseWhenStopped(): void {
    if (this.stopped) throw new DOMException('stopped', 'AbortError');
  }
}

/**
 * The processes of a killed Mallo end by themselves, in good order: waited for, so that no two of a kind work on
 * the same data. One that hangs is ended.
 */
async function endLeftChildren(last: State | null, home: string): Promise<void> {
  const left = Object.values(last?.children ?? {}).map(async (pid) => {
    if (!(await isRunning(pid, home)) || (await hasEnded(pid, CLOSING_MS))) return;
    if (await isRunning(pid, home)) process.kill(pid, 'SIGKILL');
  });
  await Promise.all(left);
}

/** Where this machine reaches a front door that listens on `host`. */
function doorAddress(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** What the operating system or SQLite says of the data folder, as a sentence. */
function asRefusal(error: unknown, home: string): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { code, errcode } = error as { code?: string; errcode?: number };
  // SQLite: FULL, READONLY, CANTOPEN, PERM.
  if (code === 'ENOSPC' || code === 'EDQUOT' || errcode === 13) return new Refusal(refusals.diskFull(home));
  const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '');
  if (unwritable || [8, 14, 3].includes(errcode ?? 0)) return new Refusal(refusals.homeNotWritable(home));
  return error;
}
