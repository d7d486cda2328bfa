import type { TrackedRun } from '@mallo/contracts';

/** The names whose texts are not the same in all runs; one that only some have differs. */
export function differingKeys(runs: readonly TrackedRun[], kind: 'params' | 'tags'): string[] {
  const keys = new Set(runs.flatMap((run) => Object.keys(run[kind])));
  return [...keys].filter((key) => new Set(runs.map((run) => run[kind][key])).size > 1).toSorted();
}
