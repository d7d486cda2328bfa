import type { Page } from 'playwright-core';
import type { LoggingProgram } from './mlflow.ts';
import { word } from './words.ts';

// What MLflow's page cannot open, and how long ours takes until the first of it is seen.

export const MANY_RUNS = 10_000;
export const MANY_METRICS = 12_000;
export const COMPARED = 500;
/** Logging so many, on a machine that may have much else to do. */
export const MANY_MS = 600_000;
export const START_MS = Date.parse('2026-01-02T03:04:05Z');

export const runsTable = (page: Page) => page.getByRole('table', { name: word('runs.title') });
export const chartOf = (page: Page, metric: string) =>
  page.locator(`[data-testid="metric-chart"][data-metric="${metric}"]`).getByRole('img');
export const pointsOf = (key: string, count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => {
    const step = from + index;
    return { key, value: 1 / step, step, timestamp: START_MS + step * 1000 };
  });

/** Logs one run of MANY_METRICS names. @returns its id */
export function logWideRun(program: LoggingProgram): Promise<string> {
  const points = Array.from({ length: MANY_METRICS }, (_, index) => {
    const key = `layer${String(index).padStart(5, '0')}/grad_norm`;
    return { key, value: index, step: 1, timestamp: START_MS };
  });
  return program.log({ name: 'wide', points });
}

/** Logs so many runs, COMPARED of which come down to a loss below 0.1. @returns how long it took, in seconds */
export async function logManyRuns(program: LoggingProgram, count: number): Promise<number> {
  const names = Array.from({ length: count }, (_, index) => index);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let index = names.pop(); index !== undefined; index = names.pop()) {
        const accuracy = { key: 'acc', value: index / MANY_RUNS, step: 1, timestamp: START_MS };
        await program.log({
          name: `run-${index}`,
          params: { lr: String(index % 7) },
          points: [...pointsOf('loss', index < COMPARED ? 20 : 1), accuracy],
          // One request fewer for each of so many.
          status: 'RUNNING',
        });
      }
    }),
  );
  return Math.round((performance.now() - began) / 1000);
}

/** Opens the page of the wide run. @returns ms until its first chart */
export function openWideRun(page: Page, url: string, runId: string): Promise<number> {
  return timeToSee(page, `${url}/runs/${runId}`, () => chartOf(page, 'layer00000/grad_norm').waitFor());
}

/** Opens the list of a project's runs. @returns ms until the first of them; the search waits until all are folded */
export function openManyRuns(page: Page, url: string, projectId: string): Promise<number> {
  const first = runsTable(page).getByRole('rowheader').nth(5);
  return timeToSee(page, `${url}/runs?project=${projectId}`, () => first.waitFor({ timeout: MANY_MS }));
}

/** Compares the COMPARED runs. @returns ms until their chart */
export function openCompared(page: Page, url: string, projectId: string): Promise<number> {
  const query = new URLSearchParams({ project: projectId, q: 'metrics.loss < 0.1', m: 'loss' });
  return timeToSee(page, `${url}/runs/compare?${query}`, () => chartOf(page, 'loss').waitFor());
}

/** Opens a page. @returns how long it took until something of it was there, in milliseconds */
export async function timeToSee(page: Page, url: string, isThere: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await isThere();
  return Math.round(performance.now() - began);
}
