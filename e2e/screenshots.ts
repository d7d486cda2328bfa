// Makes the pictures of the docs from a running system: a real training, in both languages.
//   npm run docs:screenshots
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@mallo/client';
import {
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  demoModelRoutes,
  identityRoutes,
  type Locale,
  projectRoutes,
  runRoutes,
} from '@mallo/contracts';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from './system/browser.ts';
import { ROOT, RunningMallo, until } from './system/mallo.ts';
import { ended } from './system/training.ts';
import { wordsOf } from './system/words.ts';

const IMAGES = join(ROOT, 'docs', 'images');
const OWNER = { email: 'kim@example.com', password: 'only for pictures', name: '김말로' };
const SENTENCES = {
  ko: 'digits를 resnet18로 6 에폭 학습, 배치 64, 학습률 0.001, 이미지 크기 32',
  en: 'train resnet18 on digits, 6 epochs, batch 64, lr 0.001, image size 32',
};
const QUESTIONS = { ko: '왜 정확도가 더 안 올라?', en: 'why does the accuracy not improve any more?' };
const PROJECTS = { ko: '손글씨', en: 'Handwriting' };
/** Enough of the curves to see where they go. */
const EPOCHS_TO_SEE = 4;

const ZOO_SEARCH = { ko: '작고 빠른 분류기', en: 'small and fast classifier' };
const COMPARED = [
  'resnet18',
  'resnet50',
  'mobilenetv3_small_100',
  'efficientnet_b0',
  'convnext_tiny',
  'vit_small_patch16_224',
];

mkdirSync(IMAGES, { recursive: true });
await using mallo = await RunningMallo.start();
// The first card is to have its estimate.
await until('the machine to be measured', () => existsSync(join(mallo.home, 'machine.json')) || undefined);
const browser = await openBrowser();
try {
  for (const locale of ['ko', 'en'] as const) {
    const page = await openPage(browser, { locale: locale === 'ko' ? 'ko-KR' : 'en-US', deviceScaleFactor: 2 });
    const client = await mallo.client();
    await page.goto(mallo.url);
    const route = locale === 'ko' ? identityRoutes.register : identityRoutes.login;
    const { email, password } = OWNER;
    const data = locale === 'ko' ? { ...OWNER, locale } : { email, password };
    await page.request.post(mallo.url + route.path, { data });
    await client.call(identityRoutes.updateMe, { body: { locale } });

    const { id: projectId } = await client.call(projectRoutes.create, { body: { name: PROJECTS[locale] } });
    await client.call(datasetRoutes.createSample, { params: { projectId }, body: { kind: 'digits' } });
    const { id: conversationId } = await client.call(conversationRoutes.create, { params: { projectId } });
    const body = { text: SENTENCES[locale], clientId: crypto.randomUUID() };
    const { configs } = await client.call(conversationRoutes.send, { params: { conversationId }, body });
    const card = configs[0];
    if (!card) throw new Error('the sentence was not understood');

    await page.context().addCookies([{ name: 'mallo_locale', value: locale, url: mallo.url }]);
    await page.goto(`${mallo.url}/projects/${projectId}/chat/${conversationId}`);
    await page.getByTestId('config-card').waitFor();
    await page.screenshot({ path: join(IMAGES, `config-${locale}.png`) });
    const { runId } = await client.call(configRoutes.start, {
      params: { configId: card.id },
      body: { hash: card.hash },
    });
    await page.reload();
    await until(
      `epoch ${EPOCHS_TO_SEE}`,
      async () => {
        const text = await page
          .getByTestId('epoch-progress')
          .textContent()
          .catch(() => '');
        return new RegExp(`(^|\\D)${EPOCHS_TO_SEE + 1} / 6`).test(text ?? '') || undefined;
      },
      300_000,
    );
    await page.screenshot({ path: join(IMAGES, `training-${locale}.png`) });
    await ended(client, runId);
    await page.getByTestId('result-card').waitFor();
    await client.call(conversationRoutes.send, {
      params: { conversationId },
      body: { text: QUESTIONS[locale], clientId: crypto.randomUUID() },
    });
    await page.reload();
    await page.getByTestId('result-card').getByRole('definition').first().waitFor();
    // The first figure that is a point of a curve, beside that point.
    await page.locator('a[href*="&step="]').first().click();
    await page.getByTestId('run-point').waitFor();
    // The whole answer, without the hint under the pointer.
    await page.mouse.move(0, 0);
    await page.getByTestId('engine').last().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(IMAGES, `answer-${locale}.png`) });
    const run = await client.call(runRoutes.get, { params: { runId } });
    await page.goto(`${mallo.url}/models/${run.model?.modelId}?version=${run.model?.version}`);
    await page.getByText('model.onnx').first().waitFor();
    await page.screenshot({ path: join(IMAGES, `model-${locale}.png`) });
    await page.locator('#conversation').evaluate((section) => section.scrollIntoView());
    await page.screenshot({ path: join(IMAGES, `conversation-${locale}.png`) });
    await showRuns(page, projectId, runId, locale);
    await showModels(page, client, projectId, locale);
    await showZoo(page, locale);
    await page.context().close();
  }
} finally {
  await browser.close();
}

/** The runs of a project, and one of them with its curves. */
async function showRuns(page: Page, projectId: string, runId: string, locale: Locale): Promise<void> {
  await page.goto(`${mallo.url}/runs?project=${projectId}`);
  await page.getByRole('rowheader').first().waitFor();
  await page.screenshot({ path: join(IMAGES, `runs-${locale}.png`) });
  await page.goto(`${mallo.url}/runs/${runId}?smooth=0.6`);
  await page.getByTestId('metric-chart').first().getByRole('img').waitFor();
  await page.screenshot({ path: join(IMAGES, `run-${locale}.png`) });
}

/** The models of a project, two versions of one side by side, and what it is made of. */
async function showModels(page: Page, client: Client, projectId: string, locale: Locale): Promise<void> {
  const words = wordsOf(locale);
  await client.call(demoModelRoutes.start, { params: { projectId } });
  const demo = await until(
    'the demo models',
    async () => {
      const now = await client.call(demoModelRoutes.state, { params: { projectId } });
      return now.state === 'completed' ? now : undefined;
    },
    600_000,
  );
  await page.goto(`${mallo.url}/models?project=${projectId}`);
  await page.getByRole('link', { name: 'unet-shapes' }).waitFor();
  await page.screenshot({ path: join(IMAGES, `models-${locale}.png`) });

  const unet = demo.made.filter(({ name }) => name === 'unet-shapes').at(-1);
  await page.goto(`${mallo.url}/models/${unet?.modelId}?version=${unet?.version}`);
  await page.getByRole('combobox', { name: words('models.try.compareWith') }).click();
  await page.getByRole('option', { name: words('models.try.beside', { version: '1.0.0' }) }).click();
  await page.getByRole('button', { name: words('models.try.trySample', { name: 'sample-1.png' }) }).click();
  await page
    .getByRole('list', { name: words('models.try.legend') })
    .nth(1)
    .waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(IMAGES, `try-${locale}.png`) });

  await page.getByRole('button', { name: words('models.layers.show') }).click();
  await page.getByRole('radio', { name: words('models.layers.views.graph') }).click();
  const graph = page.getByTestId('rf__wrapper');
  await graph.scrollIntoViewIfNeeded();
  await graph.locator('.react-flow__node').first().waitFor();
  await page.screenshot({ path: join(IMAGES, `layers-${locale}.png`) });
}

/** The zoo as it answers a sentence, and six of its models compared. */
async function showZoo(page: Page, locale: Locale): Promise<void> {
  const words = wordsOf(locale);
  await page.goto(`${mallo.url}/zoo?q=${encodeURIComponent(ZOO_SEARCH[locale])}`);
  await page.getByText(words('zoo.understood')).waitFor();
  await page.screenshot({ path: join(IMAGES, `zoo-${locale}.png`) });
  const keys = COMPARED.map((name) => `timm/${name}`).join(',');
  await page.goto(`${mallo.url}/zoo?compare=${keys}&view=compare`);
  await page.getByRole('region', { name: words('zoo.compare.table') }).waitFor();
  await page.screenshot({ path: join(IMAGES, `zoo-compare-${locale}.png`) });
}
