// How late a point of an unmodified script is in the page of its run.
//   node benchmarks/telemetry/page/measure.mjs
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { prepare, ROOT } from '../../../scripts/setup/prepare.mjs';

const { env } = await prepare({});
const { openBrowser, openPage, signUp } = await import(join(ROOT, 'e2e/system/browser.ts'));
const { word } = await import(join(ROOT, 'e2e/system/words.ts'));
const { RunningMallo, until } = await import(join(ROOT, 'e2e/system/mallo.ts'));
const { identityRoutes, projectRoutes, trackingRoutes } = await import(join(ROOT, 'packages/contracts/dist/index.js'));

const SCRIPTS = { 'Lightning, MLFlowLogger': 'train.py', 'mlflow.log_metric': 'loop.py' };
/** The metric whose value is its step. */
const METRIC = 'seen';

const mallo = await RunningMallo.start();
const browser = await openBrowser();
try {
  const page = await openPage(browser);
  await signUp(page, mallo.url);
  const client = await mallo.client();
  const [project] = await client.call(projectRoutes.list);
  const projectId = project?.id ?? (await client.call(projectRoutes.create, { body: { name: 'page' } })).id;
  const { token } = await client.call(identityRoutes.createToken, { body: { name: 'page', projectId } });
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const load = loadavg()[0];
    const late = await lateness({ page, client, projectId, token, script });
    const at = (share) => late[Math.min(late.length - 1, Math.floor(late.length * share))];
    const figures = [`p50 ${at(0.5)} ms`, `p95 ${at(0.95)} ms`, `most ${late.at(-1)} ms`].join(', ');
    console.log(`${name}: ${late.length} points, ${figures} (load ${load.toFixed(1)}–${loadavg()[0].toFixed(1)})`);
  }
} finally {
  await browser.close();
  await mallo[Symbol.asyncDispose]();
}

/** Of each point that came while the page was live, from the call of the script to the page, in ms, sorted. */
async function lateness({ page, client, projectId, token, script }) {
  const columns = { metrics: [METRIC], params: [], tags: [] };
  const body = { experimentIds: [], filter: `metrics.${METRIC} > 0`, orderBy: [], columns, limit: 100 };
  const search = async () => (await client.call(trackingRoutes.search, { params: { projectId }, body })).runs;
  const before = new Set((await search()).map(({ id }) => id));
  const folder = await mkdtemp(join(tmpdir(), 'mallo-page-'));
  const uv = [join(ROOT, '.tools/uv/bin/uv'), 'run', '--locked', '--project', join(ROOT, 'e2e/mlflow'), 'python'];
  const child = spawn(uv[0], [...uv.slice(1), join(ROOT, 'benchmarks/telemetry/page', script)], {
    cwd: folder,
    env: { ...env, MLFLOW_TRACKING_URI: mallo.url, MLFLOW_TRACKING_TOKEN: token },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const run = await until('the run', async () => (await search()).find(({ id }) => !before.has(id)), 240_000);
  await page.goto(`${mallo.url}/runs/${run.id}`);
  const chart = page.locator(`[data-testid="metric-chart"][data-metric="${METRIC}"]`);
  await chart.getByRole('img').waitFor();
  await page.locator('[data-testid="link-state"][data-state="live"]').waitFor();
  // What the chart draws, in figures: its last row is where the curve ends.
  await chart.getByRole('button', { name: word('charts.asTable') }).click();
  await chart.getByRole('table').waitFor();
  const liveFromMs = await page.evaluate(watch, METRIC);
  const [code] = await exited;
  await rm(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  await delay(3000);
  const shown = await page.evaluate(() => globalThis.shown);
  const url = `${mallo.url}/api/2.0/mlflow/metrics/get-history?run_id=${run.id}&metric_key=${METRIC}`;
  const { metrics } = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
  const late = metrics
    .filter(({ timestamp }) => timestamp > liveFromMs)
    .map(({ value, timestamp }) => {
      const seen = shown.find((one) => one.value >= value);
      if (!seen) throw new Error(`the page never showed ${value}`);
      return Math.round(seen.at - timestamp);
    });
  return late.sort((one, other) => one - other);
}

/** In the page: notes when the curve comes to end in another value. @returns from when */
function watch(metric) {
  globalThis.shown = [];
  const chart = document.querySelector(`[data-testid="metric-chart"][data-metric="${metric}"]`);
  const look = () => {
    const value = Number(chart.querySelector('tbody tr:last-child td:last-child')?.textContent);
    if (value > (globalThis.shown.at(-1)?.value ?? 0)) globalThis.shown.push({ value, at: Date.now() });
  };
  new MutationObserver(look).observe(chart, { subtree: true, childList: true, characterData: true });
  return Date.now();
}
