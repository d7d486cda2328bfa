import { stageNamed } from '@mallo/contracts';
import { CANDIDATE, CHAMPION } from './alias-state.js';

/** Figures that are better the smaller they are. */
const SMALLER_IS_BETTER = /loss|error|mae|mse|rmse|latency|seconds/;

/** What a reference asks for. An alias comes with what its name means where no such alias is set. */
export type VersionWanted =
  | { kind: 'latest' }
  | { kind: 'exact'; version: string }
  | { kind: 'counted'; number: number }
  | { kind: 'best'; metric: string; smaller: boolean }
  | { kind: 'alias'; names: string[] }
  | { kind: 'archived'; alias: string };

/** The name and the reference of a `mallo://models/…` URI; without a reference the latest is meant. */
export function partsOf(uri: string): { name: string; ref: string } {
  const [, name = '', ref = 'latest'] = /^mallo:\/\/models\/([^@/]+)(?:@|\/)?(.+)?$/.exec(uri) ?? [];
  // Typed on macOS, Korean comes in the letters that a syllable is made of.
  return { name: decoded(name).normalize('NFC'), ref };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // No escape after all: a model may be named "100%".
    return name;
  }
}

/** What a reference asks for (`VersionRef` in the contracts says how it is written). */
export function wantedBy(reference: string): VersionWanted {
  const ref = reference.replace(/^@/, '');
  const counted = /^v(\d{1,9})$/i.exec(ref)?.[1];
  if (counted) return { kind: 'counted', number: Number(counted) };
  if (/^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(ref)) return { kind: 'exact', version: ref };
  const [kind, metric = 'val_accuracy', direction] = ref.split(':');
  if (!reference.startsWith('@') && kind === 'latest') return { kind: 'latest' };
  if (!reference.startsWith('@') && kind === 'best') {
    return { kind: 'best', metric, smaller: direction ? direction === 'min' : SMALLER_IS_BETTER.test(metric) };
  }
  return stageOrAlias(ref);
}

/** Before stages were known an alias could be named like one; such an alias goes on meaning what it says. */
function stageOrAlias(ref: string): VersionWanted {
  const stage = stageNamed(ref);
  if (stage === 'Production') return { kind: 'alias', names: [ref, CHAMPION] };
  if (stage === 'Staging') return { kind: 'alias', names: [ref, CANDIDATE] };
  if (stage === 'Archived') return { kind: 'archived', alias: ref };
  const composed = ref.normalize('NFC');
  return { kind: 'alias', names: composed === ref ? [ref] : [composed, ref] };
}
