/** The most that is asked in one question. */
const MOST_AT_ONCE = 100;

/** What one of many questions came to. */
export type Answer<O> = { value: O } | { error: Error };

type Asked<I, O> = { input: I; resolve: (value: O) => void; reject: (error: unknown) => void };

/**
 * Joins what is asked while the database answers into the next question, so that many at once cost little more than one,
 * and one alone waits for nobody. `ask` answers each, in the same order; where it throws, nothing of it was done, and each
 * is asked alone.
 */
export function joined<I, O>(ask: (inputs: I[]) => Promise<Answer<O>[]>): (input: I) => Promise<O> {
  const waiting: Asked<I, O>[] = [];
  let isAsking = false;

  async function askFor(asked: Asked<I, O>[]): Promise<void> {
    try {
      const answers = await ask(asked.map(({ input }) => input));
      for (const [at, { resolve, reject }] of asked.entries()) {
        const answer = answers[at] ?? { error: new Error('a question was not answered') };
        if ('error' in answer) reject(answer.error);
        else resolve(answer.value);
      }
    } catch (error) {
      const [only] = asked;
      if (asked.length === 1) only?.reject(error);
      // One bad one among many is nothing to the others.
      else for (const one of asked) await askFor([one]);
    }
  }

  async function askWaiting(): Promise<void> {
    isAsking = true;
    while (waiting.length > 0) await askFor(waiting.splice(0, MOST_AT_ONCE));
    isAsking = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!isAsking) void askWaiting();
    });
}

/** The rows of a joined question as answers, by the place (from 1) of what each is of; null where there is no row. */
export function inOrder<R extends { place: string }>(rows: R[], count: number): { value: Omit<R, 'place'> | null }[] {
  const byPlace = new Map(rows.map(({ place, ...row }) => [Number(place), row]));
  return Array.from({ length: count }, (_, at) => ({ value: byPlace.get(at + 1) ?? null }));
}
