import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type MainTask, mainTasksOf } from '../../../e2e/system/long-tasks.ts';
import { LoggingProgram } from '../../../e2e/system/mlflow.ts';
import { Visit } from '../../../e2e/system/visit.ts';
import { projectRoutes } from '../../../packages/contracts/dist/index.js';

const CURVES = 20;
const POINTS = 100_000;
const SECONDS = 20;
/** While it is measured, each curve gets so many points so often. */
const EVERY_MS = 100;
const AT_ONCE = 10;
const LONG_MS = 50;
const START_MS = Date.parse('2026-01-02T03:04:05Z');

const names = Array.from({ length: CURVES }, (_, index) => `curve-${String(index).padStart(2, '0')}`);

function pointsOf(key: string, from: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const step = from + index;
    const value = Math.exp(-step / 40_000) + 0.05 * Math.sin(step * 12.9898);
    return { key, value, step, timestamp: START_MS + step * 100 };
  });
}

await using visit = await Visit.begin();
const { mallo, page } = visit;
const client = await visit.signUp();
const [project] = await client.call(projectRoutes.list);
const projectId = project?.id ?? '';
const program = await LoggingProgram.of(mallo.url, client, projectId);

const load = async () => (await readFile('/proc/loadavg', 'utf8').catch(() => '')).trim();
console.log(`${CURVES} curves × ${POINTS} points; load of the machine before: ${await load()}`);

// One run with all of the curves, each in a chart of its own; and runs with one curve each, all in one chart.
const together = await program.log({ name: 'together', status: 'RUNNING' });
await Promise.all(names.map((key) => program.append(together, pointsOf(key, 1, POINTS))));
const apart = await Promise.all(
  names.map(async (name) => {
    const run = await program.log({ name, status: 'RUNNING' });
    await program.append(run, pointsOf('loss', 1, POINTS));
    return run;
  }),
);
console.log('logged');

const metrics = names.map((key) => `m=${key}`).join('&');
await measured(`${CURVES} charts of a curve`, `/runs/${together}?${metrics}`, CURVES, (step) =>
  program.append(
    together,
    names.flatMap((key) => pointsOf(key, step, AT_ONCE)),
  ),
);
await measured(
  `a chart of ${CURVES} curves`,
  `/runs/compare?project=${projectId}&runs=${apart.join(',')}&m=loss`,
  1,
  async (step) => {
    await Promise.all(apart.map((run) => program.append(run, pointsOf('loss', step, AT_ONCE))));
  },
);
console.log(`load of the machine after: ${await load()}`);

/** Opens a page in a window that shows all of its charts, and traces it while points come. */
async function measured(what: string, path: string, charts: number, append: (step: number) => Promise<void>) {
  await page.setViewportSize({ width: 1440, height: 3600 });
  const updates = updatesOf(page);
  await page.goto(mallo.url + path);
  const drawn = page.getByTestId('metric-chart').getByRole('img');
  await drawn.nth(charts - 1).waitFor();
  await page.locator('[data-testid="link-state"][data-state="live"]').waitFor();
  // What an opening page has to do is not what an update costs.
  await wait(3000);
  let step = POINTS + 1;
  let frames = 0;
  let told: number[] = [];
  const tasks = await mainTasksOf(page, async () => {
    const before = updates.count();
    const until = performance.now() + SECONDS * 1000;
    while (performance.now() < until) {
      const began = performance.now();
      await append(step);
      step += AT_ONCE;
      await wait(Math.max(0, EVERY_MS - (performance.now() - began)));
    }
    frames = updates.count() - before;
    told = updates.since(before);
  });
  say(what, tasks, frames, step - POINTS - 1, told);
}

/** Counts the frames that tell the page of its runs. */
function updatesOf(page: Page) {
  const at: number[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('["runs"')) at.push(performance.now());
    }),
  );
  return { count: () => at.length, since: (index: number) => at.slice(index) };
}

function say(what: string, tasks: MainTask[], updates: number, points: number, told: number[]) {
  if (updates < 10) throw new Error(`only ${updates} updates came`);
  const whole = tasks.reduce((sum, { ms }) => sum + ms, 0);
  const gaps = told.slice(1).map((atMs, index) => atMs - (told[index] as number));
  const longest = Math.max(...tasks.map(({ ms }) => ms));
  const long = tasks.filter(({ ms }) => ms > LONG_MS).length;
  // All that the main thread did is counted, whatever for, in stretches as long as those between updates.
  const stretch = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const first = Math.min(...tasks.map(({ atMs }) => atMs));
  const work = [...Map.groupBy(tasks, ({ atMs }) => Math.floor((atMs - first) / stretch)).values()]
    .map((some) => some.reduce((sum, { ms }) => sum + ms, 0))
    .toSorted((a, b) => a - b);
  const at = (share: number) => (work[Math.min(work.length - 1, Math.floor(share * work.length))] ?? 0).toFixed(1);
  console.log(
    `${what}: ${updates} updates in ${SECONDS} s with ${points} points a curve; main thread ${(whole / updates).toFixed(1)} ms an ` +
      `update (p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}); longest task ${longest.toFixed(1)} ms, ${long} over ${LONG_MS} ms`,
  );
}
