import type { Page } from 'playwright-core';
import { until } from './mallo.ts';

const STEPS = 40;
const STEP_PX = 400;

/** What of Chromium's trace events is read here; times and durations in microseconds. */
type TraceEvent = { name: string; pid: number; tid: number; ts: number; tdur?: number; args?: { name?: string } };

/** A task of the page's main thread: when it began, and how long it took of the processor, in milliseconds. */
export type MainTask = { atMs: number; ms: number };

/**
 * Records what the main thread of a page does meanwhile. Of the processor, not of the clock: other processes of this
 * machine make a task wait, which is not the page's doing.
 */
export async function mainTasksOf(page: Page, meanwhile: () => Promise<unknown>): Promise<MainTask[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser of its own');
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await meanwhile();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const main = new Set(
    traceEvents.flatMap(({ name, args, pid, tid }) =>
      name === 'thread_name' && args?.name === 'CrRendererMain' ? `${pid} ${tid}` : [],
    ),
  );
  return traceEvents.flatMap(({ name, pid, tid, ts, tdur }) =>
    name === 'RunTask' && tdur !== undefined && main.has(`${pid} ${tid}`) ? [{ atMs: ts / 1000, ms: tdur / 1000 }] : [],
  );
}

/**
 * Scrolls whatever is under the pointer, down and up again. A person feels a task of 50 ms (w3c.github.io/longtasks).
 * @returns the longest task of the page's main thread, in milliseconds
 */
export async function longestTaskWhileScrolling(page: Page): Promise<number> {
  const tasks = await mainTasksOf(page, async () => {
    for (let step = 0; step < STEPS; step++) {
      await page.mouse.wheel(0, step < STEPS / 2 ? STEP_PX : -STEP_PX);
      // One frame at a time, as a hand does.
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
  });
  if (tasks.length < STEPS) throw new Error(`the trace has ${tasks.length} tasks for ${STEPS} frames`);
  return Math.max(...tasks.map(({ ms }) => ms));
}

/** Scrolls down in what is under the pointer until something is there. */
export async function scrollUntil(page: Page, what: string, isThere: () => Promise<boolean>): Promise<void> {
  await until(what, async () => {
    if (await isThere()) return true;
    await page.mouse.wheel(0, 3000);
    return undefined;
  });
}
