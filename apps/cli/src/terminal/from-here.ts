import { resolve } from 'node:path';

/** A path as the person means it: npm runs its scripts in the folder of the package, and says where it was called. */
export function fromHere(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}
