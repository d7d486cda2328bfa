import { has, type Term } from './terms.js';

/** Whether one of the concepts stands within `reach` terms of a term. */
export function near(terms: Term[], at: number, reach: number, ...concepts: string[]): number | undefined {
  for (let step = 1; step <= reach; step += 1) {
    for (const i of [at - step, at + step]) if (has(terms[i], ...concepts)) return i;
  }
  return undefined;
}

/** The same, but within the clause. */
export function nearClause(terms: Term[], at: number, reach: number, ...concepts: string[]): number | undefined {
  const i = near(terms, at, reach, ...concepts);
  if (i === undefined) return undefined;
  const between = terms.slice(Math.min(i, at) + 1, Math.max(i, at));
  return between.some((term) => [',', '.', ';'].includes(term.text)) ? undefined : i;
}
