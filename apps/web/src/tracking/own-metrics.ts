/** What every run has and nobody looks for first. */
const OF_THE_MACHINE = /^system\//;
const OF_VALIDATION = /^(val|valid|validation|eval|test)[_/.-]/;
/** They say how a training goes on, not how good it gets. */
const OF_THE_COURSE = /^(epoch|lr|learning_rate)([_/.-]|$)|_per_second$/;

/** The metrics that are not those of the machine, those first that a training is judged by. */
export function ownMetrics(keys: readonly string[]): string[] {
  return keys.filter((key) => !OF_THE_MACHINE.test(key)).sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(key: string): number {
  if (OF_VALIDATION.test(key)) return 0;
  return OF_THE_COURSE.test(key) ? 2 : 1;
}
