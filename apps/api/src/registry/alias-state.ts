import type { AliasState, Stage } from '@mallo/contracts';
import { type VersionNumbers, versionOf } from './version-numbers.js';

/** The version that answers for a model now, the one that waits, and the one that answered before. */
export const CHAMPION = 'champion';
export const CANDIDATE = 'candidate';
export const ROLLBACK = 'rollback';

/** Which version each alias points to, of rows that say so. */
export function stateOf(rows: { name: string; version: VersionNumbers }[]): AliasState {
  return Object.fromEntries(rows.map(({ name, version }) => [name, versionOf(version)]));
}

/** Points an alias to a version. The champion before stays at hand as @rollback, and a candidate waits no longer. */
export function promoted(state: AliasState, alias: string, version: string): AliasState {
  if (state[alias] === version) return state;
  const next: AliasState = { ...state, [alias]: version };
  if (alias !== CHAMPION) return next;
  if (state[CHAMPION] !== undefined) next[ROLLBACK] = state[CHAMPION];
  // What answers cannot also be what to fall back to.
  else if (next[ROLLBACK] === version) delete next[ROLLBACK];
  if (next[CANDIDATE] === version) delete next[CANDIDATE];
  return next;
}

/** Swaps the champion with the version before it; null when there is none. */
export function rolledBack(state: AliasState): AliasState | null {
  const { [CHAMPION]: champion, [ROLLBACK]: before } = state;
  if (champion === undefined || before === undefined) return null;
  return { ...state, [CHAMPION]: before, [ROLLBACK]: champion };
}

/** Without the alias; null when it was not set. */
export function removed(state: AliasState, alias: string): AliasState | null {
  if (!Object.hasOwn(state, alias)) return null;
  const { [alias]: _, ...rest } = state;
  return rest;
}

/** The state in which a version is in a stage; `null` and `Archived` are stages of what no alias of a stage points to. */
export function inStage(state: AliasState, version: string, stage: Stage | null): AliasState {
  if (stage === 'Production') return promoted(state, CHAMPION, version);
  const next = { ...state };
  if (next[CHAMPION] === version) delete next[CHAMPION];
  if (stage === 'Staging') next[CANDIDATE] = version;
  else if (next[CANDIDATE] === version) delete next[CANDIDATE];
  return next;
}
