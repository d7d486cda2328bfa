import type { Client } from '@mallo/client';
import {
  ClassificationPrediction,
  datasetRoutes,
  identityRoutes,
  inferenceRoutes,
  projectRoutes,
  registryRoutes,
} from '@mallo/contracts';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { longestTaskWhileScrolling, scrollUntil } from './system/long-tasks.ts';
import { type RunningMallo, until } from './system/mallo.ts';
import { ended, startTraining } from './system/training.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';

// Somebody looks for a model to train: each test goes on where the one before it ended.

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

const NET = `from torch import nn

class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten())
        self.head = nn.Linear(256, num_classes)

    def forward(self, images):
        return self.head(self.layers(images))
`;

const t = (key: string, values: Record<string, string> = {}) => word(`zoo.${key}`, values);
const violations = () => violationsOf(page);
const address = () => new URL(page.url()).searchParams;
const rows = () => page.getByRole('list', { name: t('title') }).getByRole('listitem');
const field = () => page.getByRole('searchbox', { name: t('search') });

/** Waits until the first model that is listed is one of these. */
async function firstIs(expected: RegExp): Promise<void> {
  await until(
    `${expected} to be listed first`,
    async () => expected.test((await rows().first().textContent({ timeout: 1000 })) ?? '') || undefined,
  );
}

test('thousands of models are listed without a long task, however far one scrolls', async () => {
  await page
    .getByRole('link', { name: word('shell.zoo') })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: t('title') }).waitFor();
  await rows().first().waitFor();
  expect(await violations()).toEqual([]);
  const total = Number(await rows().first().getAttribute('aria-setsize'));
  expect(total).toBeGreaterThan(1000);
  expect(await rows().count()).toBeLessThan(60);
  await rows().nth(5).hover();
  const longest = await longestTaskWhileScrolling(page);
  console.log(`longest task while ${total} models scroll: ${longest} ms`);
  expect(longest).toBeLessThan(50);
  await scrollUntil(page, 'the last model', async () => {
    const places = await rows().evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-posinset'))));
    return places.includes(total);
  });
});

test.each([
  ['a name', 'resnet50', /^resnet50/],
  ['a name with an error', 'reznet50', /resnet50/],
  ['prose', '작고 빠른 분류기', /M/],
])('a model is found by %s', async (_, text, expected) => {
  await page.goto(`${mallo.url}/zoo`);
  await field().fill(text);
  await until('the search to be in the address', () => address().get('q') === text || undefined);
  await firstIs(expected);
  expect(await violations()).toEqual([]);
});

test('prose is told as it was understood', async () => {
  await page.getByText(t('understood')).waitFor();
  await page.getByText(t('wishes.light'), { exact: true }).waitFor();
});

test('filters are counted, stay after a reload, and Back takes them away', async () => {
  await page.goto(`${mallo.url}/zoo`);
  await rows().first().waitFor();
  const count = async () => Number(await rows().first().getAttribute('aria-setsize', { timeout: 1000 }));
  const all = await count();
  await page.getByRole('button', { name: t('filters.params') }).click();
  await page.getByLabel(`${word('common.to')} (M)`).fill('3');
  await page.keyboard.press('Enter');
  await until('the filter to be in the address', () => address().get('maxParamsM') === '3' || undefined);
  await until('fewer models', async () => (await count()) < all || undefined);
  const few = await count();
  await page.reload();
  await rows().first().waitFor();
  expect(await count()).toBe(few);
  await page.goBack();
  await until('all models', async () => (await count()) === all || undefined);
});

test('nothing found is said, with a way back', async () => {
  await page.goto(`${mallo.url}/zoo?maxParamsM=0.0001`);
  await page.getByRole('heading', { name: t('none.title') }).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole('button', { name: t('none.clearFilters') }).click();
  await rows().first().waitFor();
});

test('models are compared in a table and on a plot, by keyboard alone', async () => {
  await page.goto(`${mallo.url}/zoo?q=resnet`);
  await firstIs(/resnet/);
  for (const index of [0, 1, 2]) {
    await rows().nth(index).getByRole('checkbox').focus();
    await page.keyboard.press('Space');
  }
  await page.getByRole('button', { name: t('compare.action'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: t('compare.title') }).waitFor();
  const table = page.getByRole('region', { name: t('compare.table') });
  await table.getByRole('row').first().waitFor();
  expect(await table.getByRole('columnheader').count()).toBe(3);
  expect(await violations()).toEqual([]);
  await page.goBack();
  await page.getByRole('region', { name: t('compare.chosen') }).waitFor();
});

test('all that is known of a model is beside the list, and Back closes it', async () => {
  await page.goto(`${mallo.url}/zoo?q=resnet18`);
  await firstIs(/^resnet18/);
  await rows().first().getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'resnet18' });
  await panel.getByText(t('details.license')).waitFor();
  await panel.getByText('11.7M').waitFor();
  expect(await violations()).toEqual([]);
  await page.goBack();
  await panel.waitFor({ state: 'detached' });
  // More weights than are seen at once.
  await page.goto(`${mallo.url}/zoo?model=timm/resnet50`);
  await page
    .getByRole('dialog')
    .getByRole('region', { name: t('details.pretrained') })
    .waitFor();
  expect(await violations()).toEqual([]);
});

test('what cannot be trained here is marked, left out on demand, and leads to what can', async () => {
  await page.goto(`${mallo.url}/zoo?q=yolo11n`);
  await firstIs(/yolo11n/);
  await rows().first().getByText(t('notTrainable')).waitFor();
  await rows().first().getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'yolo11n', exact: true });
  const other = panel.getByRole('list').getByRole('button').first();
  const name = (await other.textContent()) ?? '';
  await panel.getByRole('link', { name: t('train.instead', { name }) }).waitFor();
  expect(await panel.getByRole('link', { name: t('train.action'), exact: true }).count()).toBe(0);
  expect(await violations()).toEqual([]);
  await other.click();
  await page
    .getByRole('dialog', { name, exact: true })
    .getByRole('link', { name: t('train.action') })
    .waitFor();
  await page.goto(`${mallo.url}/zoo?trainable=true`);
  await rows().first().waitFor();
  expect(await rows().getByText(t('notTrainable')).count()).toBe(0);
});

test('“Train this” opens the chat with the sentence filled in, in the language of the page, and sends nothing', async () => {
  const [project] = await client.call(projectRoutes.list);
  const params = { projectId: project?.id ?? '' };
  await client.call(datasetRoutes.createSample, { params, body: { kind: 'digits' } });
  for (const [locale, expected] of [
    ['ko', /데이터셋으로 resnet18 학습해 줘/],
    ['en', /^train resnet18 on /],
  ] as const) {
    await client.call(identityRoutes.updateMe, { body: { locale } });
    await page.context().addCookies([{ name: 'mallo_locale', value: locale, url: mallo.url }]);
    await page.goto(`${mallo.url}/zoo?model=timm/resnet18`);
    const link = page.getByRole('dialog').getByRole('link');
    await until(
      'the data to be named',
      async () =>
        expected.test(decodeURIComponent((await link.getAttribute('href'))?.split('draft=')[1] ?? '')) || undefined,
    );
    await link.click();
    await page.waitForURL('**/projects/**');
    const input = page.getByRole('textbox');
    expect(await input.inputValue()).toMatch(expected);
    expect(
      await page
        .getByRole('list', { name: locale === 'ko' ? word('chat.messages') : 'Messages' })
        .getByRole('listitem')
        .count(),
    ).toBe(0);
  }
  await client.call(identityRoutes.updateMe, { body: { locale: 'ko' } });
  await page.context().addCookies([{ name: 'mallo_locale', value: 'ko', url: mallo.url }]);
});

test('a Python file of one’s own is added, and trained from the chat; its version keeps the file', async () => {
  await page.goto(`${mallo.url}/zoo`);
  await page.getByRole('button', { name: t('add.open') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('add.name'), { exact: true }).fill('crust_net');
  const file = { name: 'net.py', mimeType: 'text/x-python', buffer: Buffer.from('import nowhere') };
  await dialog.getByLabel(t('add.file'), { exact: true }).setInputFiles(file);
  await dialog.getByLabel(t('add.inputSize'), { exact: true }).fill('32');
  expect(await violations()).toEqual([]);
  await dialog.getByRole('button', { name: t('add.action'), exact: true }).click();
  await dialog.getByText(/No module named 'nowhere'/).waitFor();
  await dialog.getByLabel(t('add.file'), { exact: true }).setInputFiles({ ...file, buffer: Buffer.from(NET) });
  await dialog.getByRole('button', { name: t('add.action'), exact: true }).click();
  await page.getByRole('dialog', { name: 'crust_net' }).getByText('class Net(nn.Module):').waitFor();
  expect(await violations()).toEqual([]);
  const [project] = await client.call(projectRoutes.list);
  const projectId = project?.id ?? '';
  const sentence = 'train crust_net on digits, 2 epochs, batch 64, image size 32, lr 0.01';
  const runId = await startTraining(client, projectId, sentence);
  expect(await ended(client, runId)).toMatchObject({ status: 'completed' });
  const { models } = await client.call(registryRoutes.list, { params: { projectId }, query: {} });
  const [model] = models.filter(({ latest }) => latest?.runId === runId);
  const version = await client.call(registryRoutes.version, {
    params: { modelId: model?.id ?? '', version: '1.0.0' },
  });
  expect(version.artifacts.map(({ name }) => name)).toEqual(expect.arrayContaining(['model.py', 'model.onnx']));
  expect(version.architecture).toBe('model.py:Net');
});

test('a class of Hugging Face is trained from the zoo, and its version tells what a picture shows', async () => {
  const name = 'MobileNetV2ForImageClassification';
  await page.goto(`${mallo.url}/zoo?model=huggingface/${name}`);
  await page
    .getByRole('dialog', { name })
    .getByRole('link', { name: t('train.action') })
    .click();
  await page.waitForURL('**/projects/**');
  const input = page.getByRole('textbox', { name: word('chat.prompt.label') });
  const draft = await input.inputValue();
  expect(draft).toContain(name);
  await input.fill(`${draft}, 2 에폭, 배치 64, 이미지 크기 32, 학습률 0.003`);
  await page.keyboard.press('Enter');
  await page.getByTestId('start-training').last().click();
  await page.getByTestId('result-card').getByRole('link').first().click({ timeout: 200_000 });
  await page.waitForURL('**/models/**');
  await page.getByText('huggingface_classification.py').first().waitFor();
  const [, modelId = ''] = /models\/([^/?]+)/.exec(page.url()) ?? [];
  const params = { modelId, version: '1.0.0' };
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'black' } })
    .png()
    .toBuffer();
  const answer = await client.upload(inferenceRoutes.predict, { params }, new Blob([new Uint8Array(picture)]));
  expect(ClassificationPrediction.parse(answer).classes.length).toBeGreaterThan(1);
  expect(await violations()).toEqual([]);
});

test('the zoo can be used on a phone, in the dark too', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  const pages = {
    '/zoo': rows().first(),
    '/zoo?model=timm/resnet18': page.getByRole('dialog', { name: 'resnet18' }).getByText('11.7M'),
    '/zoo?compare=timm/resnet18,timm/resnet50&view=compare': page.getByRole('region', { name: t('compare.table') }),
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(mallo.url + path);
    await shown.waitFor();
    expect(await violations(), path).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBe(390);
  }
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});
