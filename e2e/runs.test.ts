import { readFileSync } from 'node:fs';
import type { Client } from '@mallo/client';
import { projectRoutes, trackingRoutes } from '@mallo/contracts';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import {
  COMPARED,
  chartOf,
  logManyRuns,
  logWideRun,
  MANY_METRICS,
  MANY_MS,
  MANY_RUNS,
  openCompared,
  openManyRuns,
  openWideRun,
  pointsOf as points,
  runsTable,
  START_MS,
  timeToSee,
} from './system/first-paint.ts';
import { longestTaskWhileScrolling } from './system/long-tasks.ts';
import { type RunningMallo, until } from './system/mallo.ts';
import { LoggingProgram } from './system/mlflow.ts';
import { Visit } from './system/visit.ts';
import { word, wordsOf } from './system/words.ts';

// Somebody looks at what programs log: each test goes on where the one before it ended.

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;
let program: LoggingProgram;
let projectId: string;
let liveRun: string;
let wideRun: string;

beforeAll(async () => {
  visit = await Visit.begin({ acceptDownloads: true });
  ({ mallo, page } = visit);
  client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  projectId = project?.id ?? (await client.call(projectRoutes.create, { body: { name: '꽃' } })).id;
  program = await LoggingProgram.of(mallo.url, client, projectId);
});

afterAll(() => visit?.[Symbol.asyncDispose]());

const t = (key: string, values: Record<string, string> = {}) => word(`runs.${key}`, values);
const table = () => runsTable(page);
const row = (name: string) => table().getByRole('row', { name: new RegExp(name) });
const chart = (metric: string) => chartOf(page, metric);
const isLive = () => page.locator('[data-testid="link-state"][data-state="live"]').waitFor();

test('the way to a first run is shown where there is none', async () => {
  await page.goto(`${mallo.url}/runs?project=${projectId}`);
  await page.getByText('mlflow.log_metric', { exact: false }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
});

test('a run that a program logs appears without a reload, and its points as they are logged', async () => {
  await isLiveOrWaits();
  liveRun = await program.log({
    name: '살아있는-run',
    params: { lr: '0.1' },
    points: points('loss', 4),
    status: 'RUNNING',
  });
  await row('살아있는-run').waitFor();
  await program.append(liveRun, [{ key: 'loss', value: 0.125, step: 5, timestamp: START_MS + 5000 }]);
  await row('살아있는-run').getByText('0.125').waitFor();
  expect(await violationsOf(page)).toEqual([]);

  await row('살아있는-run').getByRole('link').click();
  await chart('loss').waitFor();
  await isLive();
  const began = performance.now();
  await program.append(liveRun, [{ key: 'loss', value: 0.0625, step: 6, timestamp: START_MS + 6000 }]);
  await page
    .getByRole('list', { name: t('metrics.list') })
    .getByText('0.0625')
    .waitFor();
  console.log(`from logging a point to its figure in the page: ${Math.round(performance.now() - began)} ms`);
  await page
    .locator('[data-metric="loss"]')
    .getByRole('button', { name: word('charts.asTable') })
    .click();
  await page.getByRole('cell', { name: '0.0625', exact: true }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await program.end(liveRun, 'FAILED');
  await page.locator('[data-testid="run-status"][data-status="failed"]').waitFor();
});

/** The empty page has no sign of its connection: it is there once a run comes. */
async function isLiveOrWaits(): Promise<void> {
  await page.getByRole('heading', { name: t('empty.title') }).waitFor();
}

test(`one run of ${MANY_METRICS} metric names opens, and each is found`, async () => {
  wideRun = await logWideRun(program);
  const ms = await openWideRun(page, mallo.url, wideRun);
  console.log(`a run of ${MANY_METRICS} metric names: its first chart after ${ms} ms`);
  const list = page.getByRole('list', { name: t('metrics.list') });
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await page.getByRole('searchbox', { name: t('metrics.search') }).fill('layer11999');
  await list.getByRole('checkbox', { name: /layer11999/ }).click();
  // Charts are asked for once they come into sight.
  await page.locator('[data-metric="layer11999/grad_norm"]').scrollIntoViewIfNeeded();
  await chart('layer11999/grad_norm').waitFor();
  expect(new URL(page.url()).searchParams.getAll('m')).toContain('layer11999/grad_norm');
});

test(`${MANY_RUNS} runs are listed, sorted and scrolled without a long task`, { timeout: MANY_MS }, async () => {
  console.log(`${MANY_RUNS} runs logged in ${await logManyRuns(program, MANY_RUNS - 2)} s`);
  const ms = await openManyRuns(page, mallo.url, projectId);
  console.log(`${MANY_RUNS} runs: the first of them after ${ms} ms`);
  expect(await table().getAttribute('aria-rowcount')).toBe(String(MANY_RUNS + 1));
  await table().getByRole('button', { name: 'acc' }).click();
  await until(
    'the best to be first',
    async () => (await table().getByRole('rowheader').first().textContent()) === 'run-9997',
  );
  await table().getByRole('rowheader').nth(5).hover();
  const longest = await longestTaskWhileScrolling(page);
  console.log(`longest task while ${MANY_RUNS} runs scroll: ${longest} ms`);
  expect(longest).toBeLessThan(50);
});

test('conditions narrow, and what is wrong with them is said beside them', async () => {
  const field = page.getByRole('searchbox', { name: t('search') });
  await field.fill("metrics.acc >= 0.9 AND params.lr = '3'");
  await until('the search to be in the address', () => new URL(page.url()).searchParams.get('q') || undefined);
  await page.getByRole('status').filter({ hasText: '142' }).waitFor();
  await field.fill('metrics.acc >=');
  await page.locator('p[role="alert"]').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await field.fill('run-42');
  await row('run-42').first().waitFor();
});

test(`${COMPARED} runs are compared`, async () => {
  const ms = await openCompared(page, mallo.url, projectId);
  console.log(`${COMPARED} runs compared: their chart after ${ms} ms`);
  await page
    .getByRole('status')
    .filter({ hasText: String(COMPARED) })
    .waitFor();
  expect(await chart('loss').getAttribute('aria-label')).toContain(String(COMPARED));
  await page
    .getByRole('table', { name: t('compare.differences') })
    .getByRole('columnheader', { name: 'lr' })
    .waitFor();
  expect(await violationsOf(page)).toEqual([]);
});

test(`an address names ${COMPARED} runs, and leads on from there`, async () => {
  const search = { filter: 'metrics.loss < 0.1', limit: COMPARED };
  const { runs } = await client.call(trackingRoutes.search, { params: { projectId }, body: search });
  const ids = runs.map(({ id }) => id.replace('run_', ''));
  const address = `/runs/compare?${new URLSearchParams({ project: projectId, runs: ids.join(','), m: 'loss' })}`;
  const ms = await timeToSee(page, mallo.url + address, () => chart('loss').waitFor());
  console.log(`${COMPARED} runs in an address of ${address.length} characters: their chart after ${ms} ms`);
  expect(await chart('loss').getAttribute('aria-label')).toContain(String(COMPARED));
  await page.reload();
  await chart('loss').waitFor();
  await page
    .getByRole('complementary', { name: t('compare.legend') })
    .getByRole('link')
    .first()
    .click();
  await page.getByTestId('run-status').waitFor();
  await page.goBack();
  await chart('loss').waitFor();
});

test('files and models that a run logged are looked at, saved and registered', async () => {
  const plot = await sharp({ create: { width: 640, height: 400, channels: 3, background: '#3a7' } })
    .png()
    .toBuffer();
  await program.putFile(liveRun, 'plots/곡선.png', plot);
  await program.putFile(liveRun, 'report.html', '<script>document.title = "run"</script><b>bold</b>');
  await program.putFile(liveRun, 'scores.csv', 'name,score,score\nred,"1,5",2\nblue,3,\n');
  await program.putFile(liveRun, 'weights.bin', Uint8Array.of(0x80, 0, 0xff));
  await program.putFile(liveRun, 'long.log', 'a line of the log\n'.repeat(20_000));
  const model = await program.logModel(liveRun, 'iris', {
    MLmodel: 'flavors:\n  sklearn:\n    sklearn_version: 1.9.0\n    model_class: sklearn.svm.SVC\n',
  });
  await page.goto(`${mallo.url}/runs/${liveRun}`);
  await page.getByRole('tab', { name: t('run.tabs.artifacts') }).click();
  const tree = page.getByRole('list', { name: t('artifacts.tree') });
  const preview = page.getByRole('region', { name: t('artifacts.preview') });

  await tree.getByRole('button', { name: 'plots' }).click();
  await tree.getByRole('button', { name: /곡선/ }).click();
  const picture = page.getByRole('img', { name: '곡선.png' });
  await until('the picture to be drawn', () =>
    picture.evaluate((image: HTMLImageElement) => image.naturalWidth === 640),
  );
  expect(await violationsOf(page)).toEqual([]);

  await tree.getByRole('button', { name: /report/ }).click();
  // A page that a program wrote is text here, and runs nowhere.
  await preview.getByText('<b>bold</b>', { exact: false }).waitFor();
  expect(await page.title()).toBe(`${await page.getByRole('heading', { level: 1 }).textContent()} · Mallo`);

  await tree.getByRole('button', { name: /scores/ }).click();
  await preview.getByRole('cell', { name: '1,5' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);

  await tree.getByRole('button', { name: /weights/ }).click();
  await page.getByText(t('artifacts.noText')).waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: t('artifacts.downloadOf', { name: 'weights.bin' }) }).click(),
  ]);
  expect(readFileSync(await saved.path())).toEqual(Buffer.of(0x80, 0, 0xff));

  await tree.getByRole('button', { name: /long/ }).click();
  await page.getByText(t('artifacts.cut', { shown: '256 KB', whole: '360 KB' })).waitFor();

  await tree.getByRole('button', { name: 'iris' }).click();
  await page.getByText(`models:/${model}`).first().waitFor();
  await page.getByRole('button', { name: t('artifacts.register') }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: t('artifacts.name') })
    .or(dialog.getByRole('combobox'))
    .fill('꽃 모델');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: t('artifacts.register') }).click();
  const made = page.getByRole('link', { name: '꽃 모델 1.0.0' });
  await made.waitFor();
  await page.reload();
  await made.click();
  await page.getByRole('heading', { level: 1, name: '꽃 모델' }).waitFor();
});

test('all of it can be used on a phone, in the dark and in English too', async () => {
  await visit.onAPhone(client);
  const english = wordsOf('en');
  const pages = {
    [`/runs?project=${projectId}`]: page.getByRole('rowheader').first(),
    [`/runs/${liveRun}`]: page.getByTestId('metric-chart').first().getByRole('img'),
    [`/runs/${liveRun}?tab=details`]: page.getByRole('heading', { name: /^Params/ }),
    [`/runs/${liveRun}?tab=artifacts&file=scores.csv`]: page.getByRole('cell', { name: '1,5' }),
    [`/runs/${liveRun}?tab=logs`]: page.getByText(english('runs.logs.empty')),
    [`/runs/compare?project=${projectId}&runs=${liveRun},${wideRun}&m=loss`]: page
      .getByTestId('metric-chart')
      .first()
      .getByRole('img'),
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(mallo.url + path);
    await shown.waitFor();
    expect(await violationsOf(page), path).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBe(390);
  }
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});
