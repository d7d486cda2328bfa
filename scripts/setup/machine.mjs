import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Refusal, refusals } from './sentences.mjs';

/** Bytes that the parts take on the disk, measured with PyTorch 2.15 for CUDA. */
const PACKAGES_BYTES = 2e9;
const PYTHON_BYTES = 7e9;
const SPARE_BYTES = 0.3e9;

/** @throws Refusal when the project's folder cannot be written to, or its disk has no room for what is missing. */
export function checkFolder(root, withPython) {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new Refusal(refusals.notWritable(root));
  }
  const needed =
    SPARE_BYTES +
    (existsSync(join(root, 'node_modules')) ? 0 : PACKAGES_BYTES) +
    (!withPython || existsSync(join(root, 'packages/trainer/.venv')) ? 0 : PYTHON_BYTES);
  const disk = statfsSync(root);
  const free = disk.bavail * disk.bsize;
  if (free < needed) throw new Refusal(refusals.diskTooFull(root, free, needed));
}

/**
 * A Python that PyTorch can be installed for, and its version.
 * @throws Refusal when there is none, naming what was found instead.
 */
export function findPython() {
  let tooOld = '';
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    try {
      const code = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';
      const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
      const [executable, version] = execFileSync(name, ['-c', code], options).split('\n');
      const [major, minor] = version.split('.').map(Number);
      if (major === 3 && minor >= 10) return { executable, version };
      tooOld ||= `Python ${version}`;
    } catch {
      // There is none of this name.
    }
  }
  throw new Refusal(refusals.noPython(tooOld));
}

/**
 * @param {(port: number) => string} command that would use another port
 * @throws Refusal when somebody listens there.
 */
export function checkPort(port, host, command) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    // Any other trouble with the address is told by the program that listens.
    server.once('error', ({ code }) =>
      code === 'EADDRINUSE' ? reject(new Refusal(refusals.portInUse(port, command))) : resolve(),
    );
    if (port > 0 && port < 65_536) server.listen(port, host, () => server.close(resolve));
    else resolve();
  });
}

/** Whether a Mallo runs with the data of this user, by the door that it noted. */
export async function doesMalloRun(home = process.env.MALLO_HOME || join(homedir(), '.mallo')) {
  try {
    const { door } = JSON.parse(readFileSync(join(home, 'state.json'), 'utf8'));
    const { hostname: host, port } = new URL(door);
    return await new Promise((resolve) => {
      const socket = connect({ host, port: Number(port) || 80 }, () => resolve(true));
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
  } catch {
    return false;
  }
}
