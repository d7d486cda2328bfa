import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@mallo/client';
import {
  ClassificationPrediction,
  conversationRoutes,
  inferenceRoutes,
  modelCardRoutes,
  projectRoutes,
  registryRoutes,
  runRoutes,
} from '@mallo/contracts';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { PYTHON, type RunningMallo, until } from './system/mallo.ts';
import { assertNothingLost, ended } from './system/training.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';
import { cats, zipOf } from './system/zip.ts';

// What a new user does, in order: each test goes on where the one before it ended.

/** Python reads the weights and writes ONNX, on a machine that may have much else to do. */
const CONVERSION_MS = 180_000;

let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;

beforeAll(async () => {
  // As on a machine that nothing is known of yet.
  visit = await Visit.begin(
    { acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] },
    { MALLO_E2E_MACHINE: '' },
  );
  ({ mallo, page } = visit);
});

afterAll(() => visit?.[Symbol.asyncDispose]());

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail' || !process.env.MALLO_E2E_PICTURES) return;
  await page.screenshot({ path: join(process.env.MALLO_E2E_PICTURES, `${task.name.slice(0, 40)}.png`) });
});

const prompt = (): Locator => page.getByRole('textbox', { name: word('chat.prompt.label') });

async function say(text: string): Promise<void> {
  await prompt().fill(text);
  await prompt().press('Enter');
}

/** Drops a file as a person does, from outside the page. */
async function drop(target: Locator, name: string, type: string, bytes: Buffer): Promise<void> {
  const content = bytes.toString('base64');
  const transfer = await page.evaluateHandle(
    ([name, type, content]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      return transfer;
    },
    [name, type, content] as const,
  );
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer });
}

const violations = () => violationsOf(page);

test('the first visit makes the account of the owner, and leads to the chat', async () => {
  await page.goto(mallo.url);
  await page.waitForURL('**/register');
  expect(await violations()).toEqual([]);
  await page.getByLabel(word('auth.name')).fill('김말로');
  await page.getByLabel(word('auth.email')).fill('kim@example.com');
  await page.getByLabel(word('auth.password')).fill('바른 말 고운 말');
  await page.getByRole('button', { name: word('auth.register.action') }).click();
  await prompt().waitFor();
  client = await mallo.client();
  expect(await client.call(projectRoutes.list)).toHaveLength(1);
  expect(await violations()).toEqual([]);
});

test('without a dataset, a wish is answered by the ways to get one', async () => {
  await say('ResNet50으로 고양이 3종류 분류');
  const sample = page.getByRole('log').or(page.getByRole('list', { name: word('chat.messages') }));
  await sample
    .getByRole('button', { name: word('datasets.samples.digits.action') })
    .first()
    .waitFor();
});

test('a zip dropped on the chat becomes a dataset', async () => {
  await drop(prompt(), 'cats.zip', 'application/zip', await cats(12));
  const card = page.getByTestId('dataset-card').filter({ hasText: 'cats' });
  await card.getByText('36').first().waitFor();
});

test('the same wish now becomes a card of the right values, and where they came from', async () => {
  await say('ResNet50으로 고양이 3종류 분류');
  const card = page.getByTestId('config-card').last();
  await card.getByText('resnet50').first().waitFor();
  await card.getByText('cats', { exact: false }).first().waitFor();
  await card.getByText('ResNet50', { exact: false }).first().waitFor();
  expect(await violations()).toEqual([]);
});

test('a change on the card is taken back, and a correction in the chat keeps the rest', async () => {
  const card = page.getByTestId('config-card').last();
  const epochs = card.getByRole('textbox', { name: word('config.fields.epochs') });
  const before = await epochs.inputValue();
  await epochs.fill('7');
  await epochs.press('Enter');
  await card.getByText(word('config.origins.edited.label')).first().waitFor();
  await card.getByRole('button', { name: word('config.undo') }).click();
  await until('the number of epochs before', async () => (await epochs.inputValue()) === before || undefined);

  const cards = page.getByTestId('config-card');
  const count = await cards.count();
  await say('아니 에폭은 9로');
  await cards.nth(count).waitFor();
  const corrected = cards.nth(count);
  await corrected.getByText('resnet50').first().waitFor();
  expect(await corrected.getByRole('textbox', { name: word('config.fields.epochs') }).inputValue()).toBe('9');
  await page.getByTestId('engine').last().getByText(word('chat.engine.rules')).waitFor();
  expect(await violations()).toEqual([]);
});

test('the page of the dataset shows counts, thumbnails and problems', async () => {
  await page
    .getByRole('link', { name: word('shell.datasets') })
    .first()
    .click();
  await page.getByRole('link', { name: /cats/ }).first().click();
  await page.getByText('턱시도').first().waitFor();
  const picture = page.getByRole('img', { name: /치즈/ }).first();
  await until('the thumbnail', () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
  expect(await violations()).toEqual([]);
});

test('a sample dataset takes one click', async () => {
  await page
    .getByRole('link', { name: word('shell.datasets') })
    .first()
    .click();
  await page.getByRole('button', { name: word('datasets.samples.digits.action') }).click();
  await page.getByText('1,797').first().waitFor({ timeout: 90_000 });
  expect(await violations()).toEqual([]);
});

test('with two datasets that fit, Mallo asks, and a click answers', async () => {
  await page
    .getByRole('link', { name: word('shell.newChat') })
    .or(page.getByRole('button', { name: word('shell.newChat') }))
    .first()
    .click();
  await prompt().waitFor();
  await say('resnet18로 분류 모델 학습해 줘');
  await page.getByRole('button', { name: 'digits', exact: true }).click();
  await page.getByTestId('config-card').last().getByText('resnet18').first().waitFor();
});

test('a training is shown live, survives a reload and a lost connection, and ends with its accuracy', async () => {
  const cards = page.getByTestId('config-card');
  const before = await cards.count();
  await say('digits를 resnet18로 3 에폭 학습, 배치 64');
  // Not the card of the question before, which is on the page too.
  await cards.nth(before).waitFor();
  await page.getByTestId('start-training').last().click();
  const panel = page.getByTestId('progress-panel');
  await panel.getByTestId('epoch-progress').waitFor({ timeout: 120_000 });
  expect(await violations()).toEqual([]);

  await page.reload();
  await panel.getByTestId('run-status').waitFor();
  await page.context().setOffline(true);
  await page.getByTestId('link-state').getByText(word('run.link.reconnecting')).waitFor({ timeout: 60_000 });
  await page.context().setOffline(false);

  const result = page.getByTestId('result-card');
  await result.first().waitFor({ timeout: 200_000 });
  const [project] = await client.call(projectRoutes.list);
  const [run] = await client.call(runRoutes.list, { params: { projectId: project?.id ?? '' }, query: {} });
  const accuracy = run?.valAccuracy ?? 0;
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
  expect(await result.last().textContent()).toContain(`학습 완료! 정확도 ${(accuracy * 100).toFixed(1)}%`);
  await until('the panel to say that it ended', async () => {
    return (await panel.getByTestId('run-status').getAttribute('data-status')) === 'completed' || undefined;
  });
  await ended(client, run?.id ?? '');
  await assertNothingLost(mallo, client, run?.id ?? '');
  expect(await violations()).toEqual([]);
});

test('a question about the training is answered with figures that lead to where they come from', async () => {
  await say('이번 학습 정확도가 왜 이래? 어떤 클래스를 제일 못 맞춰?');
  const [project] = await client.call(projectRoutes.list);
  const conversations = await client.call(conversationRoutes.list, { params: { projectId: project?.id ?? '' } });
  const params = { conversationId: conversations[0]?.id ?? '' };
  const sentences = await until('an answer', async () => {
    const { messages } = await client.call(conversationRoutes.get, { params });
    return messages.at(-1)?.parts.flatMap((part) => (part.type === 'answer' ? [part.sentences] : []))[0];
  });
  expect(sentences.length).toBeGreaterThan(0);
  for (const { text, links } of sentences) {
    for (const number of text.matchAll(/\d+/g)) {
      const isLinked = links.some(({ span: [from, to] }) => from <= number.index && number.index < to);
      expect(isLinked, `${number[0]} in “${text}”`).toBe(true);
    }
  }
  const [linked] = sentences.flatMap(({ text, links }) => links.map(({ span }) => text.slice(...span)));
  const answer = page
    .getByRole('listitem')
    .filter({ has: page.getByTestId('engine') })
    .last();
  await answer
    .getByText(linked ?? '', { exact: true })
    .first()
    .waitFor();
  expect(await violations()).toEqual([]);
});

test('the model is registered as 1.0.0 with all its files, and tells what a picture shows', async () => {
  await page.getByTestId('result-card').getByRole('link').first().click();
  await page.waitForURL('**/models/**');
  await page.getByText('1.0.0').first().waitFor();
  const made = ['model.onnx', 'model.safetensors', 'model.pth', 'metrics.json'];
  const from = ['config.json', 'timm_classification.py', 'environment.lock'];
  for (const file of [...made, ...from]) {
    await page.getByText(file).first().waitFor();
  }
  const [project] = await client.call(projectRoutes.list);
  const { models } = await client.call(registryRoutes.list, { params: { projectId: project?.id ?? '' } });
  expect(models.map(({ versionCount, latest }) => [versionCount, latest.version])).toEqual([[1, '1.0.0']]);

  const right: boolean[] = [];
  for (const digit of ['0', '1', '7']) {
    await drop(page.getByTestId('prediction-drop'), `${digit}.png`, 'image/png', pictureOf(digit));
    // The newest is the first.
    const answer = page.getByRole('region', { name: `${digit}.png` });
    await answer.getByText('ms').first().waitFor();
    await until('an answer', async () => /%/.test((await answer.textContent()) ?? ''));
    right.push(((await answer.getByRole('listitem').first().textContent()) ?? '').trim().startsWith(digit));
    if (digit === '0') expect(await violations()).toEqual([]);
  }
  expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(2);
});

test('the card of the model holds Python that answers as Mallo does', async () => {
  const [project] = await client.call(projectRoutes.list);
  const { models } = await client.call(registryRoutes.list, { params: { projectId: project?.id ?? '' } });
  const [model] = models;
  const params = { modelId: model?.id ?? '', version: '1.0.0' };
  const card = await (await client.download(modelCardRoutes.readme, { params, query: {} })).text();
  const programs = [...card.matchAll(/```python\n(.*?)```/gs)].map((match) => match[1] ?? '');
  expect(programs).toHaveLength(2);

  const folder = mkdtempSync(join(tmpdir(), 'mallo-card-'));
  for (const name of ['model.onnx', 'model.safetensors', 'preprocessing.json']) {
    const file = await client.download(registryRoutes.artifact, { params: { ...params, name } });
    writeFileSync(join(folder, name), Buffer.from(await file.arrayBuffer()));
  }
  const picture = pictureOf('7');
  writeFileSync(join(folder, 'image.jpg'), picture);
  const [likeliest] = await answersOf(params, picture);
  for (const program of programs) {
    const said = execFileSync(PYTHON, ['-c', program], { cwd: folder, encoding: 'utf8' });
    const [name, confidence] = said.trim().split(' ');
    expect(name).toBe(likeliest?.name);
    expect(Number(confidence)).toBeCloseTo(likeliest?.confidence ?? 0, 3);
  }
  rmSync(folder, { recursive: true });
});

test('the card of the model is seen on its page: its data, its curves, and where it came from', async () => {
  const [project] = await client.call(projectRoutes.list);
  const { models } = await client.call(registryRoutes.list, { params: { projectId: project?.id ?? '' } });
  await page.goto(`${mallo.url}/models/${models[0]?.id}`);
  const section = (name: string) => page.getByRole('region', { name: word(`models.card.${name}`) });
  await page.getByRole('heading', { level: 2, name: word('models.card.title') }).waitFor();
  await page.getByText(/^이미지를 다음 10개 클래스로 분류합니다/).waitFor();
  // Ten digits under a row of titles.
  expect(await section('data.classes').getByRole('row').count()).toBe(11);
  for (const snippet of ['ONNX Runtime', 'PyTorch + timm']) {
    await page.getByRole('button', { name: word('models.card.snippets.copy', { title: snippet }) }).click();
    await page.getByRole('button', { name: word('common.copied') }).waitFor();
    const code = page.getByRole('region', { name: word('models.card.snippets.code', { title: snippet }) });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code.textContent());
  }
  const steps = page.getByRole('list', { name: word('models.card.lineage.steps') });
  for (const kind of ['conversation', 'dataset', 'run', 'model']) {
    await steps
      .getByText(word(`models.card.lineage.kinds.${kind}`))
      .first()
      .waitFor();
  }
  expect(await violations()).toEqual([]);
  const data = steps.getByRole('link', { name: new RegExp(`^${word('models.card.lineage.kinds.dataset')}`) });
  await data.click();
  await page.waitForURL('**/datasets/**');
  await page.goBack();
  await data.waitFor();
});

test('what a person writes into the card is kept, and is in the README that others read', async () => {
  await page.getByRole('button', { name: word('models.notes.write'), exact: true }).click();
  await page.getByRole('textbox', { name: word('models.notes.text') }).fill('## 쓰지 말 곳\n\n우편 번호');
  await page.getByRole('button', { name: word('models.notes.save'), exact: true }).click();
  const written = page.getByRole('heading', { name: '쓰지 말 곳' });
  await written.waitFor();
  await page.reload();
  await written.waitFor();
  await page.getByRole('button', { name: word('models.lifecycle.menu', { version: '1.0.0' }) }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: word('models.lifecycle.card') }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('README.md');
  const path = await download.path();
  expect(readFileSync(path, 'utf8')).toContain('## 쓰지 말 곳');
  // As huggingface.co reads it.
  const reads = 'import json, sys; from huggingface_hub import ModelCard; data = ModelCard.load(sys.argv[1]).data';
  const says =
    'print(json.dumps([data.language, data.library_name, data.pipeline_tag, data.eval_results[0].dataset_name]))';
  const said = execFileSync(PYTHON, ['-c', `${reads}; ${says}`, path], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual(['ko', 'timm', 'image-classification', 'digits']);
});

test('the conversation that made the model is part of it, and leads to the same config again', async () => {
  const section = page.locator('#conversation');
  await section.getByText('digits를 resnet18로 3 에폭 학습, 배치 64').first().waitFor();
  await section.getByRole('button', { name: word('models.conversation.replay.action') }).click();
  await section.getByText(word('models.conversation.replay.identical')).first().waitFor();
  expect(await section.getByText(word('models.conversation.replay.different'), { exact: true }).count()).toBe(0);
});

test('the model is promoted with a reason, which its history keeps', async () => {
  await page.getByRole('button', { name: word('models.aliases.promote.action', { version: '1.0.0' }) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(word('models.aliases.reason')).fill('첫 모델');
  expect(await violations()).toEqual([]);
  await dialog.getByRole('button', { name: word('models.aliases.promote.confirm') }).click();
  await page.getByText('@champion', { exact: true }).first().waitFor();
  await page
    .getByRole('list', { name: word('models.aliases.history') })
    .getByText('첫 모델')
    .waitFor();
});

test('an image that is none is refused with a sentence', async () => {
  await drop(page.getByTestId('prediction-drop'), 'not.png', 'image/png', Buffer.from('text'));
  await page.getByText('읽을 수 있는 이미지').first().waitFor();
});

test('weights of a .pth file become ONNX in a version of its own, which answers as the model does', async () => {
  const [project] = await client.call(projectRoutes.list);
  const params = { projectId: project?.id ?? '' };
  const [trained] = (await client.call(registryRoutes.list, { params })).models;
  const of = { modelId: trained?.id ?? '', version: '1.0.0' };
  const folder = mkdtempSync(join(tmpdir(), 'mallo-weights-'));
  const files: Record<string, Buffer> = {};
  for (const name of ['model.pth', 'preprocessing.json']) {
    const file = await client.download(registryRoutes.artifact, { params: { ...of, name } });
    files[name] = Buffer.from(await file.arrayBuffer());
  }
  const zip = join(folder, 'model.zip');
  writeFileSync(zip, await zipOf(files));
  const { weights } = JSON.parse(String(files['preprocessing.json'])) as { weights: { image_size: number } };
  const size = weights.image_size;
  const { classNames } = await client.call(registryRoutes.version, { params: of });
  await page.goto(`${mallo.url}/models/register?project=${params.projectId}`);
  await page.locator('input[type=file]').setInputFiles(zip);
  await page.getByText(word('models.register.files.states.done')).waitFor();
  for (const [field, value] of [
    ['name', '옮겨 온 모델'],
    ['framework', 'pytorch'],
    ['architecture', 'resnet18'],
    ['inputShape', `1, 3, ${size}, ${size}`],
    ['classNames', classNames?.join('\n') ?? ''],
  ] as const) {
    await page.getByLabel(word(`models.register.${field}`), { exact: true }).fill(value);
  }
  await page.getByRole('button', { name: word('models.register.action'), exact: true }).click();
  await page.getByText(word('models.try.unavailable.convertible')).waitFor();
  await page.getByRole('button', { name: word('models.conversion.action'), exact: true }).click();
  await page.getByRole('progressbar', { name: word('models.conversion.title') }).waitFor();
  expect(await violations()).toEqual([]);
  const made = page.getByRole('link', { name: '1.0.1', exact: true });
  await made.first().waitFor({ timeout: CONVERSION_MS });
  await made.first().click();
  await page.getByText('model.onnx').first().waitFor();
  await page.getByText(word('models.versions.madeFrom')).waitFor();
  expect(await violations()).toEqual([]);
  await drop(page.getByTestId('prediction-drop'), '7.png', 'image/png', pictureOf('7'));
  const [likeliest] = await answersOf(of, pictureOf('7'));
  const first = page.getByRole('region', { name: '7.png' }).getByRole('listitem').first();
  await until(`${likeliest?.name} to be likeliest`, async () =>
    ((await first.textContent()) ?? '').trim().startsWith(likeliest?.name ?? ''),
  );
  rmSync(folder, { recursive: true });
});

test('settings and models can be read by everybody', async () => {
  for (const name of ['shell.models', 'shell.settings']) {
    await page
      .getByRole('link', { name: word(name) })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: word(name) }).waitFor();
    expect(await violations(), name).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(), 'dark').toEqual([]);
});

test('no page failed by itself', () => {
  expect(visit.failures).toEqual([]);
});

/** The classes that a version takes a picture for, the likeliest first, as a program asks. */
async function answersOf(params: { modelId: string; version: string }, picture: Buffer) {
  const bytes = new Blob([new Uint8Array(picture)]);
  return ClassificationPrediction.parse(await client.upload(inferenceRoutes.predict, { params }, bytes)).classes;
}

/** One of the digits' own pictures. */
function pictureOf(digit: string): Buffer {
  const datasets = join(mallo.home, 'objects', 'datasets');
  for (const version of readdirSync(datasets)) {
    const folder = join(datasets, version, 'images', digit);
    try {
      const [first] = readdirSync(folder).sort();
      return readFileSync(join(folder, first ?? ''));
    } catch {
      // Another dataset.
    }
  }
  throw new Error(`there is no picture of ${digit}`);
}
