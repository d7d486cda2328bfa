import { totalmem } from 'node:os';
import { CommonSettings } from '@mallo/backend';
import { z } from 'zod';
import { foldersOf } from './objects/fallback-folders.js';

/** What this machine has, or the container it is. */
function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/** Settings of the api process. */
export const Settings = CommonSettings.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Folder of everything Mallo keeps outside the database. */
  MALLO_HOME: z.string().min(1),
  INTENT_PARSER_URL: z.url(),
  TELEMETRY_URL: z.url(),
  /** The api as a sidecar reaches it; without one, the address it listens on. */
  API_URL: z.url().optional(),
  /** Lets the terminal of the same machine sign in as the owner; absent: it cannot. */
  MALLO_LOCAL_KEY: z.string().min(32).optional(),
  /** The folder with the recipes and their Python environment. */
  TRAINER_FOLDER: z.string().min(1),
  /** The sidecar's entry file. */
  SIDECAR_MAIN: z.string().min(1),
  /** Whether trainings end with the api (and go on with it) or outlive it. */
  MALLO_STOP_TRAINERS_ON_EXIT: z.stringbool().default(false),
  /** Trainings that run at the same time on this machine; the others wait in line. */
  MALLO_CONCURRENT_TRAININGS: z.coerce.number().int().min(1).max(64).default(1),
  /** Folders that are looked through for a file that is missing here: a JSON list, or separated as in PATH. */
  FALLBACK_PATH: z
    .string()
    .refine((text) => foldersOf(text) !== null, 'starts like a JSON list of folders and is none')
    .optional(),
  /** The largest file that can be uploaded. */
  MALLO_UPLOAD_LIMIT_BYTES: z.coerce.number().int().min(1).default(20_000_000_000),
  /** What an hour of training costs here, such as `1.20 USD`; without one, no cost is estimated. */
  MALLO_PRICE_PER_HOUR: z
    .string()
    .regex(/^\d+(\.\d+)? [A-Z]{3}$/, 'must be an amount and a currency, such as "1.20 USD"')
    .optional(),
  /** The most a zip may hold once unpacked. */
  MALLO_UNPACKED_LIMIT_BYTES: z.coerce.number().int().min(1).default(50_000_000_000),
  /** What the models that are held ready for trying may take together; a quarter of the machine's memory. */
  MALLO_INFERENCE_MEMORY_BYTES: z.coerce
    .number()
    .int()
    .min(300_000_000)
    .default(() => Math.max(1_000_000_000, Math.floor(memoryBytes() / 4))),
});
export type Settings = z.infer<typeof Settings>;

/** Under this name the settings are injected. */
export const SETTINGS = Symbol('settings');
/** Under this name the process's logger is injected. */
export const LOG = Symbol('log');
