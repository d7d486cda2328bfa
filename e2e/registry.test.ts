import type { Client } from '@mallo/client';
import { projectRoutes, registryRoutes } from '@mallo/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { type RunningMallo, until } from './system/mallo.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';

// A model that came as a file, from its registration to its deletion: each test goes on where the one before it ended.

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;

beforeAll(async () => {
  visit = await Visit.begin();
  ({ mallo, page } = visit);
  client = await visit.signUp();
});

afterAll(() => visit?.[Symbol.asyncDispose]());

const t = (key: string, values: Record<string, string> = {}) => word(`models.${key}`, values);

const violations = () => violationsOf(page);

/** Weights of so many bytes, as huggingface.co/docs/safetensors lays them out. */
function safetensors(bytes: number): Buffer {
  const about = { weight: { dtype: 'F32', shape: [bytes / 4], data_offsets: [0, bytes] } };
  const header = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes, 1)]);
}

const choose = (name: string, buffer: Buffer) =>
  page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'application/octet-stream', buffer }]);

test('a file is sent although its connection is cut in the middle', async () => {
  await page.goto(`${mallo.url}/models`);
  await page
    .getByRole('link', { name: t('register.title') })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: t('register.title') }).waitFor();
  let cuts = 0;
  await page.route('**/api/v1/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH' || cuts > 0) return route.continue();
    cuts += 1;
    return route.abort('connectionreset');
  });
  await choose('model.safetensors', safetensors(8_000_000));
  await page.getByText(t('register.files.states.done')).waitFor();
  expect(cuts).toBe(1);
  expect(await violations()).toEqual([]);
});

test('what is missing is said beside its field, and the version to come is shown before pressing', async () => {
  await page.getByRole('button', { name: t('register.action'), exact: true }).click();
  await page.getByText(t('register.invalid.required')).first().waitFor();
  await page.getByLabel(t('register.name'), { exact: true }).fill('현장 모델');
  await page.getByText('1.0.0').first().waitFor();
  await page.getByLabel(t('register.framework'), { exact: true }).fill('pytorch');
  await page.getByLabel(t('register.architecture'), { exact: true }).fill('resnet18');
  await page.getByLabel(t('register.metrics'), { exact: true }).fill('{"val_accuracy": NaN}');
  await page.getByText(t('register.invalid.metricsNaN')).waitFor();
  await page.getByLabel(t('register.metrics'), { exact: true }).fill('{"val_accuracy": 0.97}');
});

test('a file that is not what its name says is refused whole', async () => {
  await choose('broken.onnx', Buffer.from('this is no graph'));
  await until(
    'both files',
    async () => (await page.getByText(t('register.files.states.done')).count()) === 2 || undefined,
  );
  await page.getByRole('button', { name: t('register.action'), exact: true }).click();
  await page.getByText('broken.onnx').last().waitFor();
  const alert = page.getByRole('alert').filter({ hasText: 'ONNX' });
  await alert.waitFor();
  const [project] = await client.call(projectRoutes.list);
  const { models } = await client.call(registryRoutes.list, { params: { projectId: project?.id ?? '' } });
  expect(models).toEqual([]);
  await page.getByRole('button', { name: t('register.files.remove', { name: 'broken.onnx' }) }).click();
});

test('the model is registered, and its page says what is known of it', async () => {
  await page.getByRole('button', { name: t('register.action'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '현장 모델' }).waitFor();
  await page.getByText('model.safetensors').first().waitFor();
  await page.getByText('@candidate', { exact: true }).first().waitFor();
  expect(await violations()).toEqual([]);
});

test('a version is not deleted while an alias points to it, then is, and comes back', async () => {
  const remove = async () => {
    await page.getByRole('button', { name: t('lifecycle.menu', { version: '1.0.0' }) }).click();
    await page.getByRole('menuitem', { name: t('lifecycle.delete.action'), exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('lifecycle.delete.action'), exact: true })
      .click();
  };
  await remove();
  await page.getByRole('dialog').getByRole('alert').filter({ hasText: '@candidate' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: t('aliases.remove.of', { alias: 'candidate' }) }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('aliases.remove.action'), exact: true })
    .click();
  await page.getByText(t('aliases.none')).waitFor();
  await remove();
  await page.waitForURL('**/models');
  await page.getByText('현장 모델 1.0.0').waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole('button', { name: t('deleted.restore') }).click();
  await page.getByRole('link', { name: '현장 모델' }).waitFor();
});
