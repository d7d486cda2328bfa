import { access } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient } from '@mallo/client';
import { identityRoutes, systemRoutes } from '@mallo/contracts';
import { lockHome } from '../home/lock.js';
import { readSecrets } from '../home/secrets.js';
import { readState } from '../home/state.js';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import type { Place } from '../supervisor/mallo.js';
import { words } from './words.js';

/** The Mallo that runs with this data folder, or null. */
export async function findRunning(settings: Settings): Promise<Place | null> {
  const home = settings.MALLO_HOME;
  const isThere = await access(home).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const lock = lockHome(home);
  if (lock) {
    lock.release();
    return null;
  }
  return readState(home);
}

/** Waits for a Mallo that may be starting still. @throws Refusal after a minute without an answer. */
export async function waitUntilUsable(running: Place): Promise<void> {
  const client = createClient({ baseUrl: running.door });
  for (const deadline = Date.now() + 60_000; ; await delay(250)) {
    try {
      await client.call(systemRoutes.health);
      return;
    } catch {
      if (Date.now() > deadline) throw new Refusal(words.notAnswering(running.url));
    }
  }
}

/** Signs in as the owner with the key that only this user of this machine can read. */
export async function signIn(door: string, home: string): Promise<Client> {
  const secrets = await readSecrets(home);
  if (!secrets) throw new Refusal(words.noKey(home));
  const { accessToken, refreshToken } = await createClient({ baseUrl: door }).call(identityRoutes.local, {
    body: { key: secrets.localKey },
  });
  return createClient({ baseUrl: door, accessToken, refreshToken });
}
