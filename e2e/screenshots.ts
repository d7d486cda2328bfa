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
import sharp from 'sharp';
import { openBrowser, openPage } from './system/browser.ts';
import { ROOT, RunningMallo, until } from './system/mallo.ts';
import { LoggingProgram } from './system/mlflow.ts';
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
const LEARNING_RATES = [0.3, 0.1, 0.03, 0.01];
const BATCH = 64;
const STEPS = 600;

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
    await keep(page, `config-${locale}`);
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
    await keep(page, `training-${locale}`);
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
    await keep(page, `answer-${locale}`);
    const run = await client.call(runRoutes.get, { params: { runId } });
    await page.goto(`${mallo.url}/models/${run.model?.modelId}?version=${run.model?.version}`);
    await page.getByText('model.onnx').first().waitFor();
    await keep(page, `model-${locale}`);
    await page.locator('#conversation').evaluate((section) => section.scrollIntoView());
    await keep(page, `conversation-${locale}`);
    await showRuns(page, client, projectId, locale);
    await showModels(page, client, projectId, locale);
    await showZoo(page, locale);
    await page.context().close();
  }
} finally {
  await browser.close();
}

/** Runs that a program logs beside the training: listed, one of them with its curves, and all of them compared. */
async function showRuns(page: Page, client: Client, projectId: string, locale: Locale): Promise<void> {
  const program = await LoggingProgram.of(mallo.url, client, projectId);
  const logged = await Promise.all(
    LEARNING_RATES.map(async (lr) => {
      const points = descent(lr);
      const params = { lr: String(lr), optimizer: 'sgd', batch_size: String(BATCH), steps: String(STEPS) };
      const id = await program.log({ name: `descent-lr-${lr}`, params, points });
      const rows = points.filter(({ key }) => key === 'train/loss').map(({ step, value }) => `${step},${value}`);
      await program.putFile(id, 'history/loss.csv', ['step,loss', ...rows].join('\n'));
      await program.putFile(id, 'params.json', JSON.stringify(params));
      return id;
    }),
  );
  const model = { MLmodel: 'flavors:\n  python_function:\n    python_version: 3.11\n' };
  await program.logModel(logged[0] ?? '', 'logistic-regression', model);
  await page.goto(`${mallo.url}/runs?project=${projectId}`);
  await page.getByRole('rowheader').nth(LEARNING_RATES.length).waitFor();
  await keep(page, `runs-${locale}`);
  await page.goto(
    `${mallo.url}/runs/compare?project=${projectId}&runs=${logged}&m=train/loss&m=train/accuracy&smooth=0.8`,
  );
  await page.getByTestId('metric-chart').nth(1).getByRole('img').waitFor();
  await page.getByRole('table').getByRole('columnheader', { name: 'lr' }).waitFor();
  await keep(page, `compare-${locale}`);
  await page.goto(`${mallo.url}/runs/${logged[0]}?tab=artifacts&file=history/loss.csv`);
  await page.getByRole('cell').first().waitFor();
  await keep(page, `artifacts-${locale}`);
}

/** A small logistic regression, really trained: two clouds of points that overlap, in batches drawn the same each time. */
function descent(lr: number) {
  let state = 7;
  // Park and Miller's generator: the pictures are to be the same each time.
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const startMs = Date.now() - STEPS * 100;
  const weights = [0, 0, 0];
  return Array.from({ length: STEPS }, (_, index) => {
    let loss = 0;
    let right = 0;
    const gradient = [0, 0, 0];
    for (let one = 0; one < BATCH; one++) {
      const label = random() < 0.5 ? 0 : 1;
      const place = () => (label ? 0.6 : -0.6) + 3 * (random() + random() + random() - 1.5);
      const inputs = [1, place(), place()];
      const sum = inputs.reduce((so, input, at) => so + input * (weights[at] ?? 0), 0);
      const share = 1 / (1 + Math.exp(-sum));
      loss -= Math.log(label ? share : 1 - share) / BATCH;
      right += Number(share > 0.5 === Boolean(label)) / BATCH;
      for (const [at, input] of inputs.entries())
        gradient[at] = (gradient[at] ?? 0) + ((share - label) * input) / BATCH;
    }
    for (const [at, slope] of gradient.entries()) weights[at] = (weights[at] ?? 0) - lr * slope;
    const [step, timestamp] = [index + 1, startMs + index * 100];
    return [
      { key: 'train/loss', value: loss, step, timestamp },
      { key: 'train/accuracy', value: right, step, timestamp },
    ];
  }).flat();
}

/** Keeps what is seen as a picture of few colors, which is a third as large. */
async function keep(page: Page, name: string): Promise<void> {
  await page.waitForFunction(isDrawn, undefined, { timeout: 60_000 });
  const picture = sharp(await page.screenshot()).png({ palette: true, quality: 90, effort: 10, dither: 0 });
  await picture.toFile(join(IMAGES, `${name}.png`));
}

/** In the page: whether all pictures in sight are there, and a worker has drawn the curves of the charts in sight. */
function isDrawn(): boolean {
  const isInSight = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const plots = [...document.querySelectorAll<HTMLCanvasElement>('.mallo-plane .u-over canvas')].filter(isInSight);
  return (
    [...document.images].filter(isInSight).every(({ complete }) => complete) &&
    plots.every((plot) => {
      const copy = new OffscreenCanvas(plot.width, plot.height).getContext('2d');
      copy?.drawImage(plot, 0, 0);
      return copy?.getImageData(0, 0, plot.width, plot.height).data.some((byte) => byte > 0);
    })
  );
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
  await keep(page, `models-${locale}`);

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
  await keep(page, `try-${locale}`);

  await page.getByRole('button', { name: words('models.layers.show') }).click();
  await page.getByRole('radio', { name: words('models.layers.views.graph') }).click();
  const graph = page.getByTestId('rf__wrapper');
  await graph.scrollIntoViewIfNeeded();
  await graph.locator('.react-flow__node').first().waitFor();
  await keep(page, `layers-${locale}`);
}

/** The zoo as it answers a sentence, and six of its models compared. */
async function showZoo(page: Page, locale: Locale): Promise<void> {
  const words = wordsOf(locale);
  await page.goto(`${mallo.url}/zoo?q=${encodeURIComponent(ZOO_SEARCH[locale])}`);
  await page.getByText(words('zoo.understood')).waitFor();
  await keep(page, `zoo-${locale}`);
  const keys = COMPARED.map((name) => `timm/${name}`).join(',');
  await page.goto(`${mallo.url}/zoo?compare=${keys}&view=compare`);
  await page.getByRole('region', { name: words('zoo.compare.table') }).waitFor();
  await keep(page, `zoo-compare-${locale}`);
}
