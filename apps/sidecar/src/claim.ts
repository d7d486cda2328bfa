import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunFolder } from './run-folder.js';

const FILE = 'sidecar.lock';
const LOOK_EVERY_MS = 500;
/** For the one before to see that it was succeeded; a process that hangs is not waited for any longer. */
const HAND_OVER_MS = 3000;

/**
 * Makes this process the sidecar of the folder: the newest is the one that works, so a sidecar left behind by an
 * api that is gone gives way to that of the new api. Two at work for a moment do no harm, as telemetry takes each
 * byte of a log once; the claim only keeps them from doing everything twice.
 * @param lost called when a newer sidecar has come, or the folder was deleted.
 */
export async function claim(folder: RunFolder, lost: () => void): Promise<void> {
  const before = await readClaim(folder);
  const mine = `${process.pid} ${randomBytes(8).toString('hex')}`;
  await folder.replace(FILE, mine);
  const deadline = Date.now() + HAND_OVER_MS;
  while (isAlive(before) && Date.now() < deadline) await wait(50);
  setInterval(async () => {
    if ((await readClaim(folder)) !== mine) lost();
  }, LOOK_EVERY_MS).unref();
}

function readClaim(folder: RunFolder): Promise<string | null> {
  return readFile(folder.file(FILE), 'utf8').catch(() => null);
}

/** Whether a process of that number is alive. It may be another by now; then it is waited for in vain, but not long. */
function isAlive(claim: string | null): boolean {
  const pid = Number.parseInt(claim ?? '', 10);
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
