import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the PostgreSQL that all test files of this run share: `inject('databaseUrl')`. */
    databaseUrl: string;
  }
}

/** For vitest's `globalSetup`: one PostgreSQL for a whole run of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  project.provide('databaseUrl', postgres.url);
  return postgres.stop;
}
