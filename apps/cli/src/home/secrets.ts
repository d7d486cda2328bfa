import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal, refusals } from '../sentences.js';
import { writeFileAtomically } from './write-file.js';

const Secrets = z.object({
  /** Signs the tokens of people, programs and services. */
  jwtSecret: z.string().min(32),
  /** Lets the terminal of this machine sign in as the owner. */
  localKey: z.string().min(32),
  postgresPassword: z.string().min(32),
});
export type Secrets = z.infer<typeof Secrets>;

/** The secrets of this Mallo; made once, readable by this user only. Call with the home locked. */
export async function openSecrets(home: string): Promise<Secrets> {
  const found = await readSecrets(home);
  if (found) return found;
  const made: Secrets = {
    jwtSecret: randomBytes(32).toString('hex'),
    localKey: randomBytes(32).toString('hex'),
    postgresPassword: randomBytes(32).toString('hex'),
  };
  await writeFileAtomically(join(home, 'secrets.json'), `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

/**
 * The secrets, or null where there are none yet.
 * @throws Refusal when the file is there but is not what was written: a new one would lock the owner out.
 */
export async function readSecrets(home: string): Promise<Secrets | null> {
  const file = join(home, 'secrets.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return Secrets.parse(JSON.parse(text));
  } catch {
    throw new Refusal(refusals.secretsUnreadable(file));
  }
}
