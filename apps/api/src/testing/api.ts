import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger, newId, Tokens } from '@mallo/backend';
import type {} from '@mallo/backend/testing/global-setup';
import { type Client, createClient } from '@mallo/client';
import { identityRoutes, projectRoutes } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { inject } from 'vitest';
import { createApi } from '../api.js';
import { Database } from '../database/database.js';
import { Settings } from '../settings.js';

export const SECRET = 'only for tests, but long enough to be one';
export const OWNER = { email: 'owner@example.com', password: 'correct horse battery', name: 'Owner' };

/** The folder of the recipes in this checkout; its Python environment may be there or not. */
export const TRAINER_FOLDER = fileURLToPath(new URL('../../../../packages/trainer', import.meta.url));

export type TestApi = {
  app: NestFastifyApplication;
  url: string;
  /** Everything the api keeps outside the database. */
  home: string;
  settings: Settings;
  database: Database;
  /** Signed in as the owner. */
  owner: Client;
  /** Not signed in. */
  anonymous: Client;
  /** A project of the owner's. */
  projectId: string;
  /** An access token of some user. */
  tokenOf: (userId: string) => Promise<string>;
  /** Ends this api and starts another on the same data, as after an upgrade. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
};

/** An empty database of its own on the tests' PostgreSQL. */
export async function createTestDatabase(): Promise<string> {
  const url = new URL(inject('databaseUrl'));
  const name = newId('test').toLowerCase();
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

/** The settings of a test's api. Nothing listens where the other services would be. */
export function testSettings(databaseUrl: string, home: string, change: Partial<Settings> = {}): Settings {
  return Settings.parse({
    NODE_ENV: 'test',
    PORT: 0,
    LOG_LEVEL: 'error',
    MALLO_JWT_SECRET: SECRET,
    MALLO_URL: 'http://127.0.0.1:3000',
    DATABASE_URL: databaseUrl,
    MALLO_HOME: home,
    INTENT_PARSER_URL: 'http://127.0.0.1:9',
    TELEMETRY_URL: 'http://127.0.0.1:9',
    MALLO_LOCAL_KEY: 'the key of the terminal on this machine',
    TRAINER_FOLDER,
    SIDECAR_MAIN: fileURLToPath(new URL('../../../sidecar/dist/main.js', import.meta.url)),
    ...change,
  });
}

async function listen(settings: Settings): Promise<{ app: NestFastifyApplication; url: string }> {
  const app = await createApi(settings, createLogger('api', settings.LOG_LEVEL));
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

/** A whole api on a real PostgreSQL and a folder of its own, its owner registered. */
export async function startTestApi(change: Partial<Settings> = {}): Promise<TestApi> {
  const home = change.MALLO_HOME ?? (await mkdtemp(join(tmpdir(), 'mallo-api-')));
  await mkdir(home, { recursive: true });
  // As measured before: every card would wait for it, and what a busy machine measures is never the same.
  await writeFile(join(home, 'machine.json'), JSON.stringify({ torch: '2.0', gpus: [], gflopsPerSecond: 20 }));
  const settings = testSettings(await createTestDatabase(), home, change);
  const { app, url } = await listen(settings);
  const anonymous = createClient({ baseUrl: url });
  const session = await anonymous.call(identityRoutes.register, { body: { ...OWNER, session: 'token' } });
  const owner = createClient({ baseUrl: url, accessToken: session.accessToken });
  const project = await owner.call(projectRoutes.create, { body: { name: 'Cats' } });
  const end = async () => {
    await api.app.close();
    await api.database.$disconnect();
  };
  const api: TestApi = {
    app,
    url,
    home,
    settings,
    database: app.get(Database),
    owner,
    anonymous,
    projectId: project.id,
    tokenOf: (userId) => new Tokens(settings.MALLO_JWT_SECRET).sign({ kind: 'user', userId }),
    restart: async () => {
      await end();
      const next = await listen(settings);
      Object.assign(api, next, {
        database: next.app.get(Database),
        owner: createClient({ baseUrl: next.url, accessToken: session.accessToken }),
        anonymous: createClient({ baseUrl: next.url }),
      });
    },
    close: async () => {
      await end();
      await rm(home, { recursive: true, force: true });
    },
  };
  return api;
}
