import { projectRoutes } from '@mallo/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { until } from './system/mallo.ts';
import { LoggingProgram } from './system/mlflow.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';

// Somebody follows a run as it goes: each test goes on where the one before it ended.

const START_MS = Date.parse('2026-01-02T03:04:05Z');
const STEPS_OF_AN_EPOCH = 10;

let visit: Visit;
let page: Page;
let program: LoggingProgram;
let runId: string;

const t = (key: string, values: Record<string, string> = {}) => word(`runs.${key}`, values);
const point = (key: string, step: number, value: number) => ({ key, value, step, timestamp: START_MS + step * 1000 });
const isLive = () => page.locator('[data-testid="link-state"][data-state="live"]').waitFor();
const toasts = () => page.locator('[data-sonner-toast]');

beforeAll(async () => {
  visit = await Visit.begin({ permissions: ['notifications'] });
  ({ page } = visit);
  const client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  const projectId = project?.id ?? (await client.call(projectRoutes.create, { body: { name: '꽃' } })).id;
  program = await LoggingProgram.of(visit.mallo.url, client, projectId);
  const points = Array.from({ length: 45 }, (_, index) => {
    const step = index + 1;
    const loss = point('loss', step, 1 / step);
    return step % STEPS_OF_AN_EPOCH === 0 ? [loss, point('epoch', step, step / STEPS_OF_AN_EPOCH)] : [loss];
  });
  runId = await program.log({ name: '긴 학습', points: points.flat(), status: 'RUNNING' });
});

afterAll(() => visit?.[Symbol.asyncDispose]());

test('steps are counted in epochs, in the one under way too', async () => {
  await page.goto(`${visit.mallo.url}/runs/${runId}?m=loss&x=epoch`);
  await isLive();
  const chart = page.locator('[data-metric="loss"]');
  await chart.getByRole('button', { name: word('charts.asTable') }).click();
  for (const value of ['0.5', '4', '4.5']) {
    await chart.getByText(word('charts.atEpoch', { value }), { exact: true }).waitFor();
  }
  expect(await violationsOf(page)).toEqual([]);
  await chart.getByRole('button', { name: word('charts.asTable') }).click();
});

test('an alert is a toast for who looks at the page', async () => {
  await page.getByRole('button', { name: t('alerts.title') }).click();
  const menu = page.getByRole('dialog');
  await menu.getByRole('combobox', { name: t('alerts.kind') }).click();
  await page.getByRole('option', { name: t('alerts.kinds.above') }).click();
  await menu.getByLabel(t('alerts.metric')).fill('loss');
  await menu.getByLabel(t('alerts.value')).fill('2');
  await menu.getByRole('button', { name: t('alerts.add') }).click();
  await menu.getByRole('checkbox', { name: t('alerts.notify') }).click();
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // The watch for alerts has a connection of its own, and says nothing of when it is there.
  await until('a toast of a point above', async () => {
    await program.append(runId, [point('loss', 46, 1), point('loss', 47, 3)]);
    return (await toasts().filter({ hasText: '3' }).count()) > 0;
  });
});

test('files and models appear as the run logs them', async () => {
  await page.getByRole('tab', { name: t('run.tabs.artifacts') }).click();
  await page.getByRole('heading', { name: t('artifacts.none') }).waitFor();
  await isLive();
  const tree = page.getByRole('list', { name: t('artifacts.tree') });
  await program.putFile(runId, 'plots/loss.txt', 'down');
  await tree.getByRole('button', { name: 'plots' }).click();
  await tree.getByRole('button', { name: /loss/ }).waitFor();
  await program.putFile(runId, 'plots/rate.txt', 'up');
  await tree.getByRole('button', { name: /rate/ }).waitFor();
  await program.logModel(runId, 'iris', { MLmodel: 'flavors:\n  sklearn:\n    sklearn_version: 1.9.0\n' });
  await tree.getByRole('button', { name: 'iris' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});
