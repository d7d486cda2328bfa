import type { AliasState, Stages } from '@mallo/contracts';
import { CANDIDATE, CHAMPION } from './alias-state.js';

type Staged = { version: string; deprecation: string | null };

/**
 * The stages of a model's versions, as its aliases and their history say: in Production is the @champion, in Staging the
 * @candidate; Archived are those that were the @champion before, or that are deprecated.
 */
export function stagesOf(versions: Staged[], aliases: AliasState, onceChampion: ReadonlySet<string>): Stages {
  const { [CHAMPION]: champion, [CANDIDATE]: candidate } = aliases;
  const stages: Stages = { Staging: [], Production: [], Archived: [] };
  for (const { version, deprecation } of versions) {
    if (version === champion) stages.Production.push(version);
    else if (version === candidate) stages.Staging.push(version);
    else if (onceChampion.has(version) || deprecation !== null) stages.Archived.push(version);
  }
  return stages;
}
