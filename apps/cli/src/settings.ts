import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Refusal, refusals } from './sentences.js';

/** The folder that holds apps/ and packages/. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const Settings = z.object({
  /** Address of the front door; only this machine unless said otherwise. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Port of the front door, the only one a person needs. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4460),
  /** All data: database, datasets, models, runs, logs, secrets. */
  MALLO_HOME: z
    .string()
    .min(1)
    .default(() => join(homedir(), '.mallo'))
    .transform((folder) => resolve(folder)),
  /** The address people open, when it is not the front door's own (behind another proxy). */
  MALLO_URL: z.url().optional(),
  /** A PostgreSQL of one's own; without it, one is run in MALLO_HOME. */
  DATABASE_URL: z.url().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});
export type Settings = z.infer<typeof Settings>;

/** @throws Refusal that names each wrong setting, never its value (it may be a secret). */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  // An empty variable is an unset one, as in most shells' scripts.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = Settings.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Refusal(refusals.settingsWrong(problems.join('; ')));
}
