/** As many names as one search can ask for. */
export const MOST_NAMES = 200;
/** The longest name of a metric, param or tag. */
const NAME_LENGTH = 250;

/** Names of what was logged as an address has them, each once. */
export function namesIn(params: URLSearchParams, parameter: string, most: number): string[] {
  return [...new Set(params.getAll(parameter).filter((name) => name && name.length <= NAME_LENGTH))].slice(0, most);
}
