import { type Project, type Reading, read, says } from './reading.js';

const TURNS_READ = 6;
const LONGEST_TURN = 4000;

/**
 * The run or registered model that "그거", "that run", "아까 그 모델" refers to: the only one that the latest turn naming
 * any has named in full.
 */
export function mentionedBefore<K extends 'ownRuns' | 'ownModels'>(
  reading: Reading,
  project: Project,
  kind: K,
): Reading[K][number]['item'] | undefined {
  const points =
    says(reading, 'pronoun', 'earlier.now') || reading.terms.some((term) => ['그', 'that', 'the'].includes(term.text));
  if (!points) return undefined;
  for (const turn of (project.context.history ?? []).slice(-TURNS_READ).reverse()) {
    const named = read(turn.content.slice(0, LONGEST_TURN), project)[kind].filter((hit) => hit.exact);
    const [only] = [...new Set(named.map((hit) => hit.item))];
    if (named.length > 0) return new Set(named.map((hit) => hit.item)).size === 1 ? only : undefined;
  }
  return undefined;
}
