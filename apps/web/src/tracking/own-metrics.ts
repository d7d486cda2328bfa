/** What every run has and nobody looks for first. */
const OF_THE_MACHINE = /^system\//;

/** The metrics that are not those of the machine. */
export function ownMetrics(keys: readonly string[]): string[] {
  return keys.filter((key) => !OF_THE_MACHINE.test(key));
}
