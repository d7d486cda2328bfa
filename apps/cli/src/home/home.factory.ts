import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty data folder for a test. */
export function makeHome(inside = tmpdir()): Promise<string> {
  return mkdtemp(join(inside, 'mallo-home-'));
}
