import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@mallo/client';
import { projectRoutes, registryRoutes } from '@mallo/contracts';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { PYTHON, ROOT, type RunningMallo, until } from './system/mallo.ts';
import { registerFiles } from './system/registering.ts';
import { Visit } from './system/visit.ts';
import { word, wordsOf } from './system/words.ts';

// A model that came as a file, from its registration to its deletion: each test goes on where the one before it ended.

const MODEL = '현장 모델';
/** Of the bytes of an upload (tus.io/protocols/resumable-upload). */
const TUS_BYTES = 'application/offset+octet-stream';
const YESTERDAY = new Date(Date.now() - 86_400_000);

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;
let projectId: string;
let modelId: string;

beforeAll(async () => {
  visit = await Visit.begin();
  ({ mallo, page } = visit);
  client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  projectId = project?.id ?? '';
});

afterAll(() => visit?.[Symbol.asyncDispose]());

const t = (key: string, values: Record<string, string> = {}) => word(`models.${key}`, values);

const violations = () => violationsOf(page);
const button = (key: string, values: Record<string, string> = {}) =>
  page.getByRole('button', { name: t(key, values), exact: true });
const dialog = () => page.getByRole('dialog');

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

test('a file whose connection is cut in the middle goes on from where it was', async () => {
  await page.goto(`${mallo.url}/models`);
  await page
    .getByRole('link', { name: t('register.title') })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: t('register.title') }).waitFor();
  const bytes = safetensors(8_000_000);
  const sentFrom: (string | undefined)[] = [];
  let isCut = true;
  await page.route('**/api/v1/uploads/*', async (route) => {
    const request = route.request();
    const { 'upload-offset': from, 'tus-resumable': version = '' } = request.headers();
    if (request.method() === 'PATCH') sentFrom.push(from);
    if (!isCut) return route.continue();
    if (from === '0') {
      const headers = { 'upload-offset': from, 'tus-resumable': version, 'content-type': TUS_BYTES };
      await page.request.patch(request.url(), { headers, data: bytes.subarray(0, 3_000_000) });
    }
    return route.abort('connectionreset');
  });
  await choose('model.safetensors', bytes);
  await page.getByText(t('register.files.states.waiting')).waitFor();
  expect(await violations()).toEqual([]);
  isCut = false;
  await page.getByText(t('register.files.states.done')).waitFor();
  expect(sentFrom).toEqual(['0', '3000000']);
  expect(await violations()).toEqual([]);
});

test('what is missing is said beside its field, and the version to come is shown before pressing', async () => {
  await page.getByRole('button', { name: t('register.action'), exact: true }).click();
  await page.getByText(t('register.invalid.required')).first().waitFor();
  await page.getByLabel(t('register.name'), { exact: true }).fill(MODEL);
  await page.getByText('1.0.0').first().waitFor();
  await page.getByLabel(t('register.framework'), { exact: true }).fill('pytorch');
  await page.getByLabel(t('register.architecture'), { exact: true }).fill('resnet18');
  await page.getByLabel(t('register.metrics'), { exact: true }).fill('{"val_accuracy": NaN}');
  await page.getByText(t('register.invalid.metricsNaN', { about: 'val_accuracy' })).waitFor();
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
  const { models } = await client.call(registryRoutes.list, { params: { projectId } });
  expect(models).toEqual([]);
  await page.getByRole('button', { name: t('register.files.remove', { name: 'broken.onnx' }) }).click();
});

test('the model is registered, and its page says what is known of it', async () => {
  await page.getByRole('button', { name: t('register.action'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: MODEL }).waitFor();
  await page.getByText('model.safetensors').first().waitFor();
  await page.getByText('@candidate', { exact: true }).first().waitFor();
  expect(await violations()).toEqual([]);
  const { models } = await client.call(registryRoutes.list, { params: { projectId } });
  modelId = models[0]?.id ?? '';
  const { artifacts } = await client.call(registryRoutes.version, { params: { modelId, version: '1.0.0' } });
  const sent = createHash('sha256').update(safetensors(8_000_000)).digest('hex');
  expect(artifacts).toMatchObject([{ name: 'model.safetensors', sha256: sent }]);
});

test('a version is not deleted while an alias points to it, then is, and comes back', async () => {
  await remove('1.0.0');
  await page.getByRole('dialog').getByRole('alert').filter({ hasText: '@candidate' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: t('aliases.remove.of', { alias: 'candidate' }) }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('aliases.remove.action'), exact: true })
    .click();
  await page.getByText(t('aliases.none')).waitFor();
  await remove('1.0.0');
  await page.waitForURL('**/models');
  await page.getByText(`${MODEL} 1.0.0`).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole('button', { name: t('deleted.restore') }).click();
  await page.getByRole('link', { name: MODEL }).waitFor();
});

test('what a program registers are the next versions', async () => {
  for (const [megabytes, metrics] of [
    [1, { val_accuracy: 0.91, val_loss: 0.1 }],
    [3, { val_accuracy: 0.95, val_loss: 0.2 }],
    [2, { val_accuracy: 0.93, val_loss: 0.3 }],
  ] as const) {
    const files = { 'model.safetensors': safetensors(megabytes * 1_000_000) };
    await registerFiles(client, projectId, files, { name: MODEL, metrics });
  }
  const body = { alias: '현장-1', version: '1.1.0', reason: '1호기', key: crypto.randomUUID() };
  await client.call(registryRoutes.promote, { params: { modelId }, body });
  await open();
  await shown('1.3.0');
  await aliasesAre({ candidate: '1.3.0', '현장-1': '1.1.0' });
  expect(await violations()).toEqual([]);
});

test.each([
  ['latest', '1.3.0'],
  ['best', '1.0.0'],
  ['best:val_loss:min', '1.1.0'],
  ['v2', '1.1.0'],
  ['@candidate', '1.3.0'],
  ['@현장-1', '1.1.0'],
])('the reference %s in the address opens the version that it means', async (reference, version) => {
  await open(reference);
  await shown(version);
  await page.waitForURL(({ searchParams }) => searchParams.get('version') === version);
});

test('a reference that means nothing is said to, with a way on', async () => {
  await open('@nobody');
  const title = word('models.noSuchVersion.title', { reference: '@nobody' });
  await page.getByRole('heading', { level: 2, name: title }).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole('link', { name: t('noSuchVersion.action') }).click();
  await shown('1.3.0');
});

test('the champion is rolled back, with a reason that its history keeps', async () => {
  await open('1.0.0');
  await move(button('aliases.promote.action', { version: '1.0.0' }), 'promote.confirm', '첫 배포');
  await open('1.1.0');
  await move(button('aliases.promote.action', { version: '1.1.0' }), 'promote.confirm', '더 빠름');
  await aliasesAre({ champion: '1.1.0', candidate: '1.3.0', rollback: '1.0.0', '현장-1': '1.1.0' });
  await move(button('aliases.rollback.action'), 'rollback.action', '밤에 틀림');
  await aliasesAre({ champion: '1.0.0', candidate: '1.3.0', rollback: '1.1.0', '현장-1': '1.1.0' });
  const latest = changes().first();
  for (const part of [t('aliases.actions.rollback'), '@champion: 1.1.0 → 1.0.0', '밤에 틀림', '김말로']) {
    await latest.getByText(part, { exact: false }).first().waitFor();
  }
  const production = page.getByRole('region', { name: t('stages.Production') });
  expect(await production.getByRole('link').textContent()).toContain('1.0.0');
  await open('@champion');
  await page.waitForURL(({ searchParams }) => searchParams.get('version') === '1.0.0');
  await shown('1.0.0');
  expect(await violations()).toEqual([]);
});

test('an earlier state of the aliases is returned to from their history', async () => {
  const then = changes().filter({ hasText: '더 빠름' });
  await move(then.getByRole('button', { name: t('aliases.restore.action') }), 'restore.action', '밤 데이터로 고침');
  await aliasesAre({ champion: '1.1.0', candidate: '1.3.0', rollback: '1.0.0', '현장-1': '1.1.0' });
  const latest = changes().first();
  for (const part of [t('aliases.actions.restore'), '@champion: 1.0.0 → 1.1.0', '밤 데이터로 고침']) {
    await latest.getByText(part, { exact: false }).first().waitFor();
  }
  // It is as it was then: there is nothing to return to.
  expect(await then.getByRole('button').count()).toBe(0);
  expect(await latest.getByRole('button').count()).toBe(0);
  expect(await violations()).toEqual([]);
});

test('an alias of one’s own is set by the keyboard alone, moved and removed', async () => {
  const others = { champion: '1.1.0', candidate: '1.3.0', rollback: '1.0.0' };
  await open('1.3.0');
  await shown('1.3.0');
  const opener = button('aliases.own.action');
  await opener.press('Enter');
  await dialog()
    .getByRole('combobox', { name: t('aliases.own.name') })
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.type('Production');
  await page.keyboard.press('Enter');
  const refused = dialog().getByRole('alert');
  await refused.getByText(t('aliases.own.invalid.stage', { alias: 'Production' })).waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('@야간');
  await page.keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
  await opener.and(page.locator(':focus')).waitFor();
  await aliasesAre({ ...others, 야간: '1.3.0', '현장-1': '1.1.0' });
  await open('1.0.0');
  await shown('1.0.0');
  await move(button('aliases.own.move.of', { alias: '야간' }), 'own.move.action', '밤에 더 나음');
  await aliasesAre({ ...others, 야간: '1.0.0', '현장-1': '1.1.0' });
  for (const part of ['@야간: 1.3.0 → 1.0.0', '밤에 더 나음', '김말로']) {
    await changes().first().getByText(part, { exact: false }).first().waitFor();
  }
  await open('@야간');
  await shown('1.0.0');
  await move(button('aliases.remove.of', { alias: '야간' }), 'remove.action', '');
  await aliasesAre({ ...others, '현장-1': '1.1.0' });
  expect(await violations()).toEqual([]);
});

test('a version is marked as one not to use any more, with the reason, until that is taken back', async () => {
  await open('1.2.0');
  await shown('1.2.0');
  const say = async (item: string, reason: string) => {
    await button('lifecycle.menu', { version: '1.2.0' }).click();
    await page.getByRole('menuitem', { name: t(item), exact: true }).click();
    await dialog().getByLabel(t('lifecycle.deprecate.reason')).fill(reason);
    expect(await violations()).toEqual([]);
    await dialog()
      .getByRole('button', { name: t('lifecycle.deprecate.confirm') })
      .click();
    await dialog().waitFor({ state: 'detached' });
  };
  const banner = page.getByText(t('lifecycle.banner', { reason: '역광에서 틀림' }));
  await say('lifecycle.deprecate.action', '역광에서 틀림');
  await banner.waitFor();
  await page.getByRole('radio', { name: t('versions.list') }).click();
  const row = page.getByRole('region', { name: t('versions.list') }).getByRole('row', { name: /^1\.2\.0/ });
  await row.getByText(t('versions.deprecated')).waitFor();
  await page.reload();
  await banner.waitFor();
  expect(await violations()).toEqual([]);
  await say('lifecycle.deprecate.change', '');
  await banner.waitFor({ state: 'detached' });
});

test('a deleted version frees its bytes once it is purged, and how many is said', async () => {
  await open('1.2.0');
  await shown('1.2.0');
  // What has just come stays for a while, whoever purges it; this came yesterday.
  for (const file of blobs()) utimesSync(file, YESTERDAY, YESTERDAY);
  const before = bytesOnDisk();
  await remove('1.2.0');
  await dialog().waitFor({ state: 'detached' });
  await page.goto(`${mallo.url}/models?project=${projectId}`);
  const deleted = page.locator('section', { has: page.getByRole('heading', { name: t('deleted.title') }) });
  await deleted.getByText(t('deleted.held', { size: '14 MB', freeable: '3 MB' })).waitFor();
  await deleted.getByText(`${MODEL} 1.2.0`).waitFor();
  expect(await violations()).toEqual([]);
  expect(bytesOnDisk()).toBe(before);
  await deleted.getByRole('button', { name: t('deleted.purge.action') }).click();
  const asked = page.getByRole('alertdialog');
  await asked.getByText(t('deleted.purge.text.all', { freed: '3 MB' })).waitFor();
  expect(await violations()).toEqual([]);
  // It is said for some seconds only.
  await Promise.all([
    page.getByText(t('deleted.freed.all', { freed: '3 MB' })).waitFor(),
    asked.getByRole('button', { name: t('deleted.purge.action') }).click(),
  ]);
  await page.getByText(t('deleted.held', { size: '11 MB', freeable: '0 B' })).waitFor();
  expect(before - bytesOnDisk()).toBeGreaterThanOrEqual(3_000_000);
  await open('1.2.0');
  await page
    .getByRole('heading', { level: 2, name: word('models.noSuchVersion.title', { reference: '1.2.0' }) })
    .waitFor();
});

test('a state whose version was deleted cannot be returned to, and that is said', async () => {
  await open('1.3.0');
  const then = changes().filter({ hasText: '@candidate: 1.1.0 → 1.2.0' });
  await then.getByRole('button', { name: t('aliases.restore.action') }).click();
  await dialog()
    .getByRole('button', { name: t('aliases.restore.action') })
    .click();
  await dialog().getByRole('alert').getByText('1.2.0').waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press('Escape');
  await aliasesAre({ champion: '1.1.0', candidate: '1.3.0', rollback: '1.0.0', '현장-1': '1.1.0' });
});

test('what a detector finds lies over several images at once, where it is', async () => {
  const { modelId } = await registerFiles(client, projectId, { 'model.onnx': colourModel('detector') }, DETECTOR);
  await page.goto(`${mallo.url}/models/${modelId}`);
  const both = await pictureWith({ red: [10, 20, 30, 24], blue: [90, 40, 20, 50] });
  const one = await pictureWith({ red: [60, 5, 40, 40] });
  await tryOn({ 'both.png': both, 'one.png': one });
  const found = (name: string) => page.getByRole('region', { name });
  await found('both.png').getByText('2개 찾음').waitFor();
  await found('one.png').getByText('1개 찾음').waitFor();
  expect(await boxesOver('both.png')).toEqual([
    ['빨간 것', 10, 20, 30, 24],
    ['파란 것', 90, 40, 20, 50],
  ]);
  expect(await boxesOver('one.png')).toEqual([['빨간 것', 60, 5, 40, 40]]);
  expect(await violations()).toEqual([]);
  await found('both.png')
    .getByRole('slider', { name: t('try.leastScore') })
    .press('End');
  await found('both.png').getByText('찾은 것이 없습니다').waitFor();
  expect(await boxesOver('both.png')).toEqual([]);
});

test('what is strange in an image is seen as heat over it', async () => {
  const { modelId } = await registerFiles(client, projectId, { 'model.onnx': colourModel('anomaly') }, ANOMALY);
  await page.goto(`${mallo.url}/models/${modelId}`);
  await tryOn({ 'scratch.png': await pictureWith({ white: [20, 30, 40, 6] }) });
  const answer = page.getByRole('region', { name: 'scratch.png' });
  await answer.getByText(t('try.anomalous'), { exact: true }).waitFor();
  const heat = answer.getByAltText(t('try.heatMap', { name: 'scratch.png' }));
  const [there, elsewhere] = await heat.evaluate((image: HTMLImageElement) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    return [context?.getImageData(40, 33, 1, 1).data[3], context?.getImageData(100, 80, 1, 1).data[3]];
  });
  expect(there).toBeGreaterThan(150);
  expect(elsewhere).toBeLessThan(20);
  expect(await violations()).toEqual([]);
});

test('all of it can be used on a phone, in the dark and in English too', async () => {
  await visit.onAPhone(client);
  const english = wordsOf('en');
  // With something in the trash: what waited before is free once another waits.
  await registerFiles(client, projectId, { 'model.safetensors': safetensors(4_000_000) }, { name: MODEL });
  await client.call(registryRoutes.remove, { params: { modelId, version: '1.3.0' } });
  const alias = '긴'.repeat(255);
  const body = { alias, version: '1.1.0', key: crypto.randomUUID() };
  await client.call(registryRoutes.promote, { params: { modelId }, body });
  const pages = {
    [`/models/${modelId}?version=best`]: page.getByRole('list', { name: english('models.aliases.history') }),
    [`/models/${modelId}?version=@nobody`]: page.getByRole('link', { name: english('models.noSuchVersion.action') }),
    [`/models?project=${projectId}`]: page.getByRole('button', { name: english('models.deleted.purge.action') }),
    [`/models/register?project=${projectId}`]: page.getByRole('button', { name: english('models.register.action') }),
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(mallo.url + path);
    await shown.waitFor();
    expect(await violations(), path).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390);
  }
  // However long its name is, an alias can be moved and removed.
  await open('1.0.0');
  for (const key of ['own.move.of', 'remove.of']) {
    const name = english(`models.aliases.${key}`, { alias });
    const pressed = page.getByRole('button', { name, exact: true });
    await pressed.waitFor();
    const box = await pressed.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 391), key).toBeLessThan(390);
  }
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});

const DETECTOR = { name: '색 찾기', taskType: 'detection' as const, classNames: ['빨간 것', '파란 것'] };
const ANOMALY = { name: '흠집 찾기', taskType: 'anomaly_detection' as const };

/** Opens the page of the model, at what the address names. */
async function open(reference?: string): Promise<void> {
  const query = reference ? `?version=${encodeURIComponent(reference)}` : '';
  await page.goto(`${mallo.url}/models/${modelId}${query}`);
}

/** Waits for the whole page of a version. */
async function shown(version: string): Promise<void> {
  const chosen = page.getByRole('combobox', { name: t('version'), exact: true });
  await until(
    `${version} to be shown`,
    async () => ((await chosen.textContent()) ?? '').startsWith(version) || undefined,
  );
  await page.getByRole('heading', { level: 2, name: t('files.title') }).waitFor();
}

/** Presses a button that moves aliases, and says why. */
async function move(opener: Locator, action: string, reason: string): Promise<void> {
  await opener.click();
  await dialog().getByLabel(t('aliases.reason')).fill(reason);
  expect(await violations()).toEqual([]);
  await dialog()
    .getByRole('button', { name: t(`aliases.${action}`), exact: true })
    .click();
  await dialog().waitFor({ state: 'detached' });
}

/** Waits until the page shows these aliases and no others. */
async function aliasesAre(expected: Record<string, string>): Promise<void> {
  const rows = page.getByRole('list', { name: t('aliases.title'), exact: true }).getByRole('listitem');
  const wanted = JSON.stringify(Object.entries(expected).map(([alias, version]) => [`@${alias}`, version]));
  await until(`the aliases to be ${wanted}`, async () => {
    const seen = await rows.evaluateAll((all) =>
      all.map((row) => [row.firstElementChild?.textContent, row.querySelector('a')?.textContent]),
    );
    return JSON.stringify(seen) === wanted || undefined;
  });
}

/** The changes of the aliases, the latest first. */
function changes(): Locator {
  return page.getByRole('list', { name: t('aliases.history') }).locator(':scope > li');
}

async function remove(version: string): Promise<void> {
  await button('lifecycle.menu', { version }).click();
  await page.getByRole('menuitem', { name: t('lifecycle.delete.action'), exact: true }).click();
  await dialog()
    .getByRole('button', { name: t('lifecycle.delete.action'), exact: true })
    .click();
}

/** The files of models in the object store. */
function blobs(): string[] {
  const entries = readdirSync(join(mallo.home, 'objects', 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** What they hold, as the disk says. */
function bytesOnDisk(): number {
  return blobs().reduce((sum, file) => sum + statSync(file).size, 0);
}

/** A real ONNX model that looks for colours. */
function colourModel(name: 'detector' | 'anomaly'): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mallo-colours-'));
  execFileSync(PYTHON, [join(ROOT, 'e2e', 'system', 'colour-models.py'), folder]);
  const model = readFileSync(join(folder, `${name}.onnx`));
  rmSync(folder, { recursive: true });
  return model;
}

type Rectangle = readonly [left: number, top: number, width: number, height: number];

/** A dark picture of 120 × 100 with rectangles of these colours. */
function pictureWith(rectangles: Record<string, Rectangle>): Promise<Buffer> {
  const pieces = Object.entries(rectangles).map(([background, [left, top, width, height]]) => ({
    input: { create: { width, height, channels: 3 as const, background } },
    ...{ left, top },
  }));
  const dark = { create: { width: 120, height: 100, channels: 3 as const, background: '#202020' } };
  return sharp(dark).composite(pieces).png().toBuffer();
}

/** Chooses images to try the model on, all at once. */
async function tryOn(images: Record<string, Buffer>): Promise<void> {
  const files = Object.entries(images).map(([name, buffer]) => ({ name, mimeType: 'image/png', buffer }));
  await page.locator('input[type=file]').setInputFiles(files);
  for (const { name } of files) await page.getByRole('region', { name }).getByText('ms').waitFor();
}

/** The boxes that are seen over an image: their names, and where they are in its pixels. */
function boxesOver(name: string): Promise<[string | null, ...number[]][]> {
  return page.getByRole('region', { name }).evaluate((answer) => {
    const image = answer.querySelector('img');
    if (!image) throw new Error('there is no image');
    const whole = image.getBoundingClientRect();
    const scale = image.naturalWidth / whole.width;
    return [...answer.querySelectorAll<SVGRectElement>('svg rect')].map((rectangle) => {
      const { x, y, width, height } = rectangle.getBBox();
      const seen = (at: DOMPoint) => at.matrixTransform(rectangle.getScreenCTM() ?? undefined);
      const [from, to] = [seen(new DOMPoint(x, y)), seen(new DOMPoint(x + width, y + height))];
      const numbers = [from.x - whole.left, from.y - whole.top, to.x - from.x, to.y - from.y];
      return [
        rectangle.nextElementSibling?.textContent ?? null,
        ...numbers.map((number) => Math.round(number * scale)),
      ];
    });
  });
}
