import { readFileSync } from 'node:fs';
import { BATCH_MAX_EVENTS, type LiveEvent, projectRoutes } from '@mallo/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { longestTaskWhileScrolling } from './system/long-tasks.ts';
import type { RunningMallo } from './system/mallo.ts';
import { LoggingProgram } from './system/mlflow.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';

// People watch runs: from several browsers, by alerts, in long logs, and in files that they take away.

const LINES = 1_000_000;
const NEEDLE = 500_000;
const LONG_MS = 600_000;

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let program: LoggingProgram;
let projectId: string;
let runId: string;

beforeAll(async () => {
  visit = await Visit.begin({ acceptDownloads: true });
  ({ mallo, page } = visit);
  const client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  projectId = project?.id ?? (await client.call(projectRoutes.create, { body: { name: '꽃' } })).id;
  program = await LoggingProgram.of(mallo.url, client, projectId);
  runId = await program.log({ name: 'watched', points: [point(1, 0.5)], status: 'RUNNING' });
});

afterAll(() => visit?.[Symbol.asyncDispose]());

const t = (key: string, values: Record<string, string> = {}) => word(`runs.${key}`, values);
const point = (step: number, value: number) => ({ key: 'loss', value, step, timestamp: 1_760_000_000_000 + step });
const lineEvent = (line: string): LiveEvent => ({ type: 'log', stream: 'stdout', timeMs: Date.now(), line });
const isLive = (of: Page) => of.locator('[data-testid="link-state"][data-state="live"]').waitFor();

test('browsers that watch a run are counted, and the tabs of one of them once', async () => {
  const watching = (of: Page, count: number) =>
    of
      .getByTestId('watchers')
      .filter({ hasText: t('run.watchers').replace('{count, number}', String(count)) })
      .waitFor();
  await page.goto(`${mallo.url}/runs/${runId}`);
  await watching(page, 1);
  const other = await visit.otherBrowser();
  await other.goto(`${mallo.url}/runs/${runId}`);
  for (const each of [page, other]) await watching(each, 2);
  const tab = await other.context().newPage();
  await tab.goto(`${mallo.url}/runs/${runId}`);
  await watching(tab, 2);
  await other.context().close();
  await watching(page, 1);
});

test('an alert is told as a toast, on whichever page one is', async () => {
  await page.goto(`${mallo.url}/runs/${runId}`);
  await isLive(page);
  await page.getByRole('button', { name: t('alerts.title') }).click();
  await page.getByRole('combobox', { name: t('alerts.kind') }).click();
  await page.getByRole('option', { name: t('alerts.kinds.below') }).click();
  await page.locator('input[name="metric"]').fill('loss');
  await page.locator('input[name="value"]').fill('0.25');
  await page.getByRole('button', { name: t('alerts.add') }).click();
  await page.getByRole('list', { name: t('alerts.rules') }).waitFor();
  await page.keyboard.press('Escape');
  await page.goto(`${mallo.url}/runs?project=${projectId}`);
  await isLive(page);
  await program.append(runId, [point(2, 0.125)]);
  const toast = page.getByRole('region', { name: word('common.notifications') }).getByRole('listitem');
  await toast.filter({ hasText: '0.125' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await toast.getByRole('button', { name: t('alerts.open') }).click();
  await page.waitForURL(`**/runs/${runId}`);
});

test('lines that a script sends are seen as they come, and once however often they are sent', async () => {
  const scripted = await program.begin('script');
  await page.goto(`${mallo.url}/runs/${scripted}?tab=logs`);
  await isLive(page);
  const log = page.getByRole('region', { name: t('logs.label') });
  const rate: LiveEvent = { type: 'metric', key: 'rate', step: 1, timeMs: Date.now(), value: 0.5 };
  const first = [lineEvent('epoch 1'), rate];
  for (const _ of [1, 2, 3]) expect(await program.sendEvents(scripted, 0, first)).toBe(2);
  await log.getByText('epoch 1', { exact: true }).waitFor();
  const end: LiveEvent = { type: 'run', timeMs: Date.now(), status: 'completed' };
  expect(await program.sendEvents(scripted, 2, [lineEvent('epoch 2'), end])).toBe(4);
  await log.getByText('epoch 2', { exact: true }).waitFor();
  await page.locator('[data-testid="run-status"][data-status="completed"]').waitFor();
  expect(await log.getByRole('listitem').count()).toBe(2);
});

test('a run of OpenTelemetry appears without a reload', async () => {
  await page.goto(`${mallo.url}/runs?project=${projectId}`);
  await isLive(page);
  await program.sendMetric('collector-of-flowers', { name: 'queue_size', value: 7 });
  const table = page.getByRole('table', { name: t('title') });
  const row = table.getByRole('row', { name: /collector-of-flowers/ });
  await row.getByRole('link').click();
  await page
    .getByRole('list', { name: t('metrics.list') })
    .getByText('queue_size')
    .waitFor();
});

test('what a query finds, and all points, are saved as files', async () => {
  const saved = async (begin: () => Promise<unknown>) => {
    const [file] = await Promise.all([page.waitForEvent('download'), begin()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  await page.goto(`${mallo.url}/runs/query?project=${projectId}`);
  await page
    .getByRole('textbox', { name: t('query.sql') })
    .fill("SELECT step, value FROM points WHERE key = 'loss' ORDER BY step");
  await page.getByRole('button', { name: t('query.show') }).click();
  await page
    .getByRole('region', { name: t('query.answer') })
    .getByRole('cell', { name: '0.125' })
    .waitFor();
  const csv = await saved(() => page.getByRole('button', { name: t('query.save.csv') }).click());
  expect(csv.name).toBe('query.csv');
  expect(csv.bytes.toString().trim().split(/\r?\n/)).toEqual(['step,value', '1,0.5', '2,0.125']);
  const parquet = await saved(() => page.getByRole('button', { name: t('query.save.parquet') }).click());
  expect(parquet.name).toBe('query.parquet');
  expect(parquet.bytes.subarray(0, 4).toString()).toBe('PAR1');

  await page.goto(`${mallo.url}/runs?project=${projectId}&q=watched`);
  await page
    .getByRole('table', { name: t('title') })
    .getByRole('link', { name: 'watched' })
    .waitFor();
  const menu = page.getByRole('button', { name: /내보내기/ });
  await menu.click();
  const found = await saved(() => page.getByRole('menuitem', { name: t('export.points.csv') }).click());
  expect(found.name).toBe('points.csv');
  expect(found.bytes.toString().trim().split(/\r?\n/)).toHaveLength(3);
  await menu.waitFor();
  expect(await violationsOf(page)).toEqual([]);

  const exported = (format: string) =>
    // The address itself begins a download, so the page stays where it is.
    saved(() =>
      page.evaluate((path) => {
        location.href = path;
      }, `/live/v1/projects/${projectId}/export?what=points&format=${format}&runId=${runId}`),
    );
  const lines = (await exported('csv')).bytes.toString().trim().split(/\r?\n/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('0.5');
  expect((await exported('parquet')).bytes.subarray(-4).toString()).toBe('PAR1');
});

test(`a log of ${LINES} lines is opened, searched and scrolled without a long task`, { timeout: LONG_MS }, async () => {
  const began = performance.now();
  for (let from = 0; from < LINES; from += BATCH_MAX_EVENTS) {
    const lines = Array.from({ length: BATCH_MAX_EVENTS }, (_, at) => {
      const number = from + at + 1;
      return lineEvent(number === NEEDLE ? `needle ${number}` : `line ${number}`);
    });
    await program.sendEvents(runId, from, lines);
  }
  console.log(`${LINES} lines logged in ${Math.round((performance.now() - began) / 1000)} s`);
  await page.goto(`${mallo.url}/runs/${runId}?tab=logs`);
  const log = page.getByRole('region', { name: t('logs.label') });
  const line = (text: string) => log.getByText(text, { exact: true }).waitFor();
  // A log that grows is opened at its end.
  await page.getByRole('status').filter({ hasText: '1,000,000' }).waitFor();
  await line(`line ${LINES}`);
  const field = page.getByRole('searchbox', { name: t('logs.search') });
  // What is looked for is near where one reads, though there are a million matches before it.
  await field.fill('line');
  const current = log.locator('[aria-current="true"]');
  await current.waitFor();
  expect(Number(await current.getByRole('button').first().textContent())).toBeGreaterThan(LINES - 100);
  await field.fill('');
  await log.focus();
  await page.keyboard.press('Home');
  await line('line 1');
  const asked = performance.now();
  await field.fill('needle');
  await line(`needle ${NEEDLE}`);
  console.log(`one line among ${LINES} found in ${Math.round(performance.now() - asked)} ms`);
  await line(`line ${NEEDLE + 1}`);
  await log.hover();
  const longest = await longestTaskWhileScrolling(page);
  console.log(`longest task while ${LINES} lines scroll: ${longest} ms`);
  expect(longest).toBeLessThan(50);
  await field.fill('');
  await log.focus();
  await page.keyboard.press('End');
  await line(`line ${LINES}`);
  // Lines that come are followed.
  await program.sendEvents(runId, LINES, [lineEvent('the last')]);
  await line('the last');
  expect(await violationsOf(page)).toEqual([]);
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});
