import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from './write-file.js';

const State = z.object({
  /** The supervisor's process. Whether it lives is told by the lock, not by this. */
  pid: z.int(),
  /** The address people open. */
  url: z.url(),
  /** The front door itself, for programs of this machine; the same unless it stands behind another proxy. */
  door: z.url(),
  /** Internal ports by part, kept so that a trainer that outlives Mallo finds it at the same place. */
  ports: z.record(z.string(), z.int()),
  /** Processes by part, to be sure that those of a killed Mallo are gone before new ones work on the same data. */
  children: z.record(z.string(), z.int()),
});
export type State = z.infer<typeof State>;

/** What the last Mallo of this folder noted; null when nothing that can be read. */
export async function readState(home: string): Promise<State | null> {
  try {
    return State.parse(JSON.parse(await readFile(join(home, 'state.json'), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeState(home: string, state: State): Promise<void> {
  await writeFileAtomically(join(home, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port for each part, all different and free now: the remembered one where it is. New ones lie below the
 * range from which systems give outgoing connections theirs, so that none of those sits on it later.
 */
export async function choosePorts<Part extends string>(
  parts: readonly Part[],
  remembered: Record<string, number> = {},
): Promise<Record<Part, number>> {
  const ports = {} as Record<Part, number>;
  const taken = new Set<number>();
  for (const part of parts) {
    let port = remembered[part] ?? randomInt(20_000, 32_000);
    while (taken.has(port) || !(await isFree(port))) port = randomInt(20_000, 32_000);
    taken.add(port);
    ports[part] = port;
  }
  return ports;
}
