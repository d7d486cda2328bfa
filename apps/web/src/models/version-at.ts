import type { AliasState } from '@mallo/contracts';

/** The version that an alias points to, which may be named like what every object has, such as `constructor`. */
export function versionAt(aliases: AliasState, alias: string): string | undefined {
  return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
}
