import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Secrets } from '../home/secrets.js';
import { ROOT, type Settings } from '../settings.js';
import type { ChildSpec } from './child.js';

export const SERVICES = ['telemetry', 'intent-parser', 'api', 'web'] as const;
export type Service = (typeof SERVICES)[number];
export type Ports = Record<Service | 'postgres', number>;

const LLM_KEYS = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'];
/** Addresses of other programs, which may hold a password. */
const TELEMETRY_LINKS = ['REDIS_URL', 'MALLO_REMOTE_WRITE_URL'];
/** Given to one part only. */
const SECRETS = [...LLM_KEYS, ...TELEMETRY_LINKS];

/** The programs of Mallo and what each is told. A part gets no secret it has no use for. */
export function serviceSpecs(
  settings: Settings,
  url: string,
  ports: Ports,
  secrets: Secrets,
  databaseUrl: string,
): Record<Service, ChildSpec> {
  const address = (part: Service) => `http://127.0.0.1:${ports[part]}`;
  const spec = (name: Service, args: string[], env: NodeJS.ProcessEnv): ChildSpec => ({
    name,
    command: process.execPath,
    args: ['--import', new URL('at-rest.js', import.meta.url).href, ...args],
    cwd: join(ROOT, 'apps', name),
    env: {
      ...inherited(),
      NODE_ENV: 'production',
      // What was compiled at a start need not be at the next: a fifth of the processor time that all parts take.
      NODE_COMPILE_CACHE: join(settings.MALLO_HOME, 'compiled'),
      HOST: '127.0.0.1',
      PORT: String(ports[name]),
      LOG_LEVEL: settings.LOG_LEVEL,
      MALLO_URL: url,
      ...env,
    },
    log: join(settings.MALLO_HOME, 'logs', `${name}.log`),
  });
  // The data folder is there for those who look at a list of processes: it tells two Mallos apart.
  const main = (name: Service) => [join(ROOT, 'apps', name, 'dist', 'main.js'), settings.MALLO_HOME];
  const stored = {
    MALLO_HOME: settings.MALLO_HOME,
    MALLO_JWT_SECRET: secrets.jwtSecret,
    DATABASE_URL: databaseUrl,
  };
  return {
    telemetry: spec('telemetry', main('telemetry'), {
      ...stored,
      API_URL: address('api'),
      ...chosen(TELEMETRY_LINKS),
    }),
    'intent-parser': spec('intent-parser', main('intent-parser'), chosen(LLM_KEYS)),
    api: spec('api', main('api'), {
      ...stored,
      INTENT_PARSER_URL: address('intent-parser'),
      TELEMETRY_URL: address('telemetry'),
      API_URL: address('api'),
      MALLO_LOCAL_KEY: secrets.localKey,
      TRAINER_FOLDER: join(ROOT, 'packages', 'trainer'),
      SIDECAR_MAIN: join(ROOT, 'apps', 'sidecar', 'dist', 'main.js'),
      // Ctrl-C is to leave no process behind; a training goes on from its checkpoint at the next start.
      MALLO_STOP_TRAINERS_ON_EXIT: '1',
    }),
    web: {
      ...spec(
        'web',
        [
          '--import',
          new URL('exit-with-parent.js', import.meta.url).href,
          join(ROOT, 'apps', 'web', 'node_modules', 'next', 'dist', 'bin', 'next'),
          'start',
          '--port',
          String(ports.web),
          '--hostname',
          '127.0.0.1',
        ],
        {
          API_URL: address('api'),
          TELEMETRY_URL: address('telemetry'),
          NEXT_TELEMETRY_DISABLED: '1',
        },
      ),
      ready: (stopped) => untilItListens(ports.web, stopped),
    },
  };
}

/** The environment without what is Mallo's own: a secret or address set for another Mallo must not leak in. */
function inherited(): NodeJS.ProcessEnv {
  const own = ['MALLO_JWT_SECRET', 'MALLO_LOCAL_KEY', 'MALLO_HOME', 'DATABASE_URL', 'API_URL', 'TELEMETRY_URL'];
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !own.includes(name) && !SECRETS.includes(name)),
  );
}

/** Of the environment, those of `names` that are set. */
function chosen(names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, process.env[name]]).filter(([, value]) => value));
}

async function untilItListens(port: number, stopped: AbortSignal): Promise<void> {
  for (;;) {
    stopped.throwIfAborted();
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await delay(50, undefined, { signal: stopped });
  }
}
