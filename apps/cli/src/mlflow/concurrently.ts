/** Does the work for each of a list that comes bit by bit, a few at a time; the first failure ends it. */
export async function concurrently<T>(
  list: AsyncIterable<T>,
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const running = new Set<Promise<unknown>>();
  try {
    for await (const one of list) {
      const done: Promise<unknown> = work(one).finally(() => running.delete(done));
      // Whoever waits below hears of it; it must not end the process before.
      done.catch(() => undefined);
      running.add(done);
      if (running.size >= atOnce) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
}
