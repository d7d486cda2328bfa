import type { RunPage, RunsFrame, TrackedRun } from '@mallo/contracts';

/**
 * The pages after the first one was asked for anew: what it holds comes first, and what it pushed down stays, so that
 * nothing is lost between it and the page after it.
 */
export function withFreshHead(pages: readonly RunPage[], fresh: RunPage): RunPage[] {
  if (fresh.nextCursor === null) return [fresh];
  const inHead = new Set(fresh.runs.map(({ id }) => id));
  const [first, ...others] = pages.map((page) => ({
    ...page,
    runs: page.runs.filter(({ id }) => !inHead.has(id)),
    total: fresh.total,
  }));
  if (!first) return [fresh];
  return [{ ...first, runs: [...fresh.runs, ...first.runs] }, ...others];
}

/** The pages after a frame: the statuses and last points it tells of. Runs it says nothing of stay the same objects. */
export function withFrame(pages: readonly RunPage[], told: RunsFrame['runs']): RunPage[] {
  const news = new Map(told.map((run) => [run.id, run]));
  return pages.map((page) => {
    if (!page.runs.some(({ id }) => news.has(id))) return page;
    return {
      ...page,
      runs: page.runs.map((run): TrackedRun => {
        const now = news.get(run.id);
        return now ? { ...run, status: now.status, metrics: { ...run.metrics, ...now.metrics } } : run;
      }),
    };
  });
}

/** Whether a frame tells of what the pages cannot know: new runs, changed names, or another end. */
export function needsFreshHead(pages: readonly RunPage[], told: RunsFrame['runs']): boolean {
  const known = new Map(pages.flatMap(({ runs }) => runs.map((run) => [run.id, run.status])));
  return told.some(({ id, status, changed }) => changed || (known.has(id) && known.get(id) !== status));
}
