import { pythonSet, SearchSyntaxError } from '@mallo/backend';

/**
 * Lets only comparators of the list pass, so that what goes into a statement is one of these words.
 * @param end how MLflow ends this sentence: it closes the quotation for some and leaves it open for others
 * @throws SearchSyntaxError
 */
export function allow(comparator: string, comparators: string[], end = ''): void {
  if (comparators.includes(comparator)) return;
  throw new SearchSyntaxError(`Invalid comparator '${comparator}' not one of '${pythonSet(comparators)}${end}`);
}
