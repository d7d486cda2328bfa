import type { Client } from '@mallo/client';
import { datasetRoutes, projectRoutes, registryRoutes } from '@mallo/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { longestTaskWhileScrolling } from './system/long-tasks.ts';
import { type RunningMallo, until } from './system/mallo.ts';
import { registerFiles } from './system/registering.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';
import { zipOf } from './system/zip.ts';

// The models of a project, from the first click to a registry taken over: each test goes on where the one before it ended.

const LAYERS = 1000;
/** Six small trainings, on a machine that may have much else to do. */
const DEMO_MS = 600_000;

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;
let projectId: string;

beforeAll(async () => {
  visit = await Visit.begin({ acceptDownloads: true });
  ({ mallo, page } = visit);
  client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  projectId = project?.id ?? '';
});

afterAll(() => visit?.[Symbol.asyncDispose]());

const t = (key: string, values: Record<string, string> = {}) => word(`models.${key}`, values);
const violations = () => violationsOf(page);
const address = () => new URL(page.url()).searchParams;
const button = (key: string, values: Record<string, string> = {}) =>
  page.getByRole('button', { name: t(key, values), exact: true });
const field = () => page.getByRole('searchbox', { name: t('search.label') });
const names = () =>
  page
    .getByRole('list', { name: t('title') })
    .getByRole('heading')
    .allTextContents();

async function listed(...expected: string[]): Promise<void> {
  await until(
    `the list to be ${expected}`,
    async () => String((await names()).toSorted()) === String(expected) || undefined,
  );
}

async function open(model: string, version?: string): Promise<void> {
  const { models } = await client.call(registryRoutes.list, { params: { projectId }, query: { search: model } });
  await page.goto(`${mallo.url}/models/${models[0]?.id}${version ? `?version=${version}` : ''}`);
  await page.getByRole('heading', { level: 1, name: model }).waitFor();
  await page.getByRole('heading', { level: 2, name: t('files.title') }).waitFor();
}

test(
  'the demo models are made while one looks at other pages',
  async () => {
    await page.goto(`${mallo.url}/models`);
    await button('empty.demo').waitFor();
    expect(await violations()).toEqual([]);
    await button('empty.demo').click();
    await page.getByRole('progressbar', { name: t('demo.title') }).waitFor();
    await page.goto(`${mallo.url}/settings`);
    await page.goto(`${mallo.url}/models`);
    await page.getByRole('link', { name: 'mobilenet-digits' }).waitFor({ timeout: DEMO_MS });
    expect(await violations()).toEqual([]);
    await page.getByRole('progressbar', { name: t('demo.title') }).waitFor({ state: 'detached', timeout: DEMO_MS });
    await listed('mobilenet-digits', 'unet-shapes');
  },
  DEMO_MS,
);

test('models are found while one types and by filters, and Back leads to what was there before', async () => {
  await field().fill('UNET');
  await listed('unet-shapes');
  expect(address().get('q')).toBe('UNET');
  await field().fill('');
  await listed('mobilenet-digits', 'unet-shapes');
  await button('filters.task').click();
  await page.getByRole('checkbox', { name: word('config.tasks.classification') }).click();
  await listed('mobilenet-digits');
  await page.keyboard.press('Escape');
  await button('filters.metric').click();
  await page.getByLabel(word('common.from')).fill('0.999999');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: t('search.none.title') }).waitFor();
  expect(await violations()).toEqual([]);
  await page.reload();
  await page.getByRole('heading', { name: t('search.none.title') }).waitFor();
  await page.goBack();
  await listed('mobilenet-digits');
  await page.goBack();
  await listed('mobilenet-digits', 'unet-shapes');
});

test('two versions are tried side by side on the same pictures', async () => {
  await open('mobilenet-digits');
  await page.getByRole('combobox', { name: t('try.compareWith') }).click();
  await page.getByRole('option', { name: t('try.beside', { version: '1.0.0' }) }).click();
  for (const name of ['sample-1.png', 'sample-2.png']) {
    await page.getByRole('button', { name: t('try.trySample', { name }) }).click();
  }
  const results = page.getByRole('list', { name: t('try.results') }).getByTestId('prediction-result');
  await until('four answers', async () => (await results.getByText('ms').count()) === 4 || undefined);
  expect(await violations()).toEqual([]);
});

test('the mask of a segmentation lies over the image, with its legend', async () => {
  await open('unet-shapes');
  await page.getByRole('button', { name: t('try.trySample', { name: 'sample-1.png' }) }).click();
  await page
    .getByRole('list', { name: t('try.legend') })
    .getByText('background')
    .waitFor();
  const mask = page.getByAltText(t('try.mask', { name: 'sample-1.png' }));
  expect(await mask.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
  expect(await violations()).toEqual([]);
});

test('the camera is looked through live, and switched off when the page is left', async () => {
  await button('try.camera.open').click();
  await button('try.camera.live').click();
  const live = page.getByRole('region', { name: t('try.camera.now') });
  await live.getByText('ms').waitFor();
  const first = await live.getByRole('img').first().getAttribute('src');
  await until(
    'another picture',
    async () => (await live.getByRole('img').first().getAttribute('src')) !== first || undefined,
  );
  expect(await violations()).toEqual([]);
  const track = await page.locator('video').evaluateHandle((video: HTMLVideoElement) => {
    const [found] = (video.srcObject as MediaStream).getTracks();
    return found as MediaStreamTrack;
  });
  await page
    .getByRole('link', { name: word('shell.models') })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: t('title') }).waitFor();
  expect(await track.evaluate((one) => one.readyState)).toBe('ended');
});

test('what a model is made of is seen as a tree and as a graph', async () => {
  await open('mobilenet-digits');
  await button('layers.show').click();
  const tree = page.getByRole('treegrid', { name: t('layers.tree') });
  await tree.getByRole('row').nth(1).waitFor();
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  expect(await violations()).toEqual([]);
  await page.getByRole('radio', { name: t('layers.views.graph') }).click();
  const graph = page.getByTestId('rf__wrapper');
  await graph.getByRole('button').first().waitFor();
  expect(await violations()).toEqual([]);
});

test('a thousand layers scroll without a long task', async () => {
  await register('many-layers', 'model.safetensors', manyTensors(LAYERS));
  await page.getByRole('button', { name: t('layers.show') }).click();
  await button('layers.openAll').click();
  const tree = page.getByRole('treegrid', { name: t('layers.tree') });
  await until(
    'every layer to be in the tree',
    async () => Number(await tree.getAttribute('aria-rowcount')) > LAYERS || undefined,
  );
  expect(await tree.getByRole('row').count()).toBeLessThan(60);
  await tree.hover();
  const longest = await longestTaskWhileScrolling(page);
  console.log(`longest task while ${LAYERS} layers scroll: ${longest} ms`);
  expect(longest).toBeLessThan(50);
  expect(await violations()).toEqual([]);
});

test('a gate lets a better version pass, whose reason is kept, and refuses a worse one with both figures', async () => {
  const body = { kind: 'digits' } as const;
  const { version } = await client.call(datasetRoutes.createSample, { params: { projectId }, body });
  for (const val_accuracy of [0.8, 0.7, 0.9]) {
    const wish = { name: 'gated', metrics: { val_accuracy }, datasetVersion: version.id };
    await registerFiles(client, projectId, { 'model.safetensors': manyTensors(1) }, wish);
  }
  const dialog = page.getByRole('dialog');
  const promote = async (version: string, reason: string) => {
    await open('gated', version);
    await button('aliases.promote.action', { version }).click();
    await dialog.getByLabel(t('aliases.reason')).fill(reason);
    await dialog.getByRole('button', { name: t('aliases.promote.confirm'), exact: true }).click();
  };
  await promote('1.0.0', '첫 배포');
  await dialog.waitFor({ state: 'detached' });
  await button('gates.set').click();
  expect(await violations()).toEqual([]);
  await dialog.getByRole('button', { name: t('gates.dialog.save') }).click();
  await page.getByText(t('gates.needs.max.same', { metric: 'val_accuracy' })).waitFor();
  await promote('1.2.0', '더 정확함');
  await dialog.waitFor({ state: 'detached' });
  await promote('1.1.0', '가벼움');
  const figures = dialog.getByRole('table', { name: 'val_accuracy' });
  await figures.getByRole('row', { name: /^1\.1\.0/ }).waitFor();
  await figures.getByRole('row', { name: /^@champion 1\.2\.0/ }).waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press('Escape');
  const production = page.getByRole('region', { name: t('stages.Production') });
  expect(await production.getByRole('link').textContent()).toContain('1.2.0');
  // What was refused changed nothing, so the history does not know it.
  const history = page.getByRole('list', { name: t('aliases.history') });
  await history.getByText('@champion: 1.0.0 → 1.2.0').waitFor();
  await history.getByText('더 정확함').waitFor();
  expect(await history.getByText('가벼움').count()).toBe(0);
});

test('notes and tags are kept, and a model is found by its tag', async () => {
  await open('unet-shapes');
  await button('notes.write').click();
  await page.getByRole('textbox', { name: t('notes.text') }).fill('## 쓰임\n\n- 모양 세 가지');
  await page.getByRole('tab', { name: t('notes.preview') }).click();
  await page.getByRole('heading', { name: '쓰임' }).waitFor();
  expect(await violations()).toEqual([]);
  await button('notes.save').click();
  await button('notes.edit').waitFor();
  await page
    .getByRole('textbox', { name: t('tags.new') })
    .first()
    .fill('team=vision');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: t('tags.remove', { tag: 'team' }) }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '쓰임' }).waitFor();
  await page.goto(`${mallo.url}/models?tag=team%3Dvision`);
  await listed('unet-shapes');
});

test('a pickle that would run code is refused, and the page says what it would have run', async () => {
  // Protocol 2: os.system('id'), in the zip that torch.save writes.
  const pickle = Buffer.concat([
    Buffer.from([0x80, 2]),
    Buffer.from('cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1'),
  ]);
  await register('from-a-stranger', 'model.pth', await zipOf({ 'archive/data.pkl': pickle, 'archive/version': '3\n' }));
  await button('conversion.action').click();
  const refusal = page.getByRole('alert').filter({ hasText: t('conversion.wouldRun') });
  await refusal
    .getByText(/system/)
    .last()
    .waitFor();
  expect(await violations()).toEqual([]);
});

test('the whole registry is exported, and taken over into a new project', async () => {
  await page.goto(`${mallo.url}/models?project=${projectId}`);
  await page.getByRole('link', { name: 'unet-shapes' }).waitFor();
  await button('registryFile.menu').click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: t('registryFile.export') }).click();
  const zip = await (await download).path();
  const before = await names();

  const { id } = await client.call(projectRoutes.create, { body: { name: '새 집' } });
  await page.goto(`${mallo.url}/models?project=${id}`);
  await button('empty.demo').waitFor();
  await button('registryFile.menu').click();
  await page.getByRole('menuitem', { name: t('registryFile.import') }).click();
  await page.locator('input[type=file]').setInputFiles(zip);
  await button('registryFile.toModels').waitFor();
  expect(await violations()).toEqual([]);
  await button('registryFile.toModels').click();
  await listed(...before.toSorted());
});

test('the pages of the models can be used on a phone, in the dark too', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  await page.goto(`${mallo.url}/models?project=${projectId}`);
  await page.getByRole('link', { name: 'unet-shapes' }).waitFor();
  expect([await violations(), await wide()]).toEqual([[], 390]);
  await open('unet-shapes');
  expect([await violations(), await wide()]).toEqual([[], 390]);
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});

/** Registers a model of one file by the page, and waits at the page of its version. */
async function register(name: string, file: string, bytes: Buffer): Promise<void> {
  await page.goto(`${mallo.url}/models/register?project=${projectId}`);
  await page
    .locator('input[type=file]')
    .setInputFiles([{ name: file, mimeType: 'application/octet-stream', buffer: bytes }]);
  await page.getByText(t('register.files.states.done')).waitFor();
  for (const [field, value] of [
    ['name', name],
    ['framework', 'pytorch'],
    ['architecture', 'resnet18'],
  ] as const) {
    await page.getByLabel(t(`register.${field}`), { exact: true }).fill(value);
  }
  await button('register.action').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** So many small tensors in scopes, as huggingface.co/docs/safetensors lays them out. */
function manyTensors(count: number): Buffer {
  const about = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `stage${Math.floor(index / 100)}.block${Math.floor(index / 10) % 10}.conv${index % 10}.weight`,
      { dtype: 'F32', shape: [1], data_offsets: [index * 4, index * 4 + 4] },
    ]),
  );
  const header = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(count * 4, 1)]);
}
