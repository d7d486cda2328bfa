import {
  type DemoModels,
  demoModelRoutes,
  type ModelPage,
  type Project,
  projectRoutes,
  registryRoutes,
} from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { modelSummary, versionSummary } from '@/test-models';
import { visit } from '@/test-navigation';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { PROJECT } from '@/test-project';
import { ModelsPage } from './models-page';
import { RegisterPage } from './register/register-page';

vi.mock('next/navigation', () => import('@/test-navigation'));

const IDLE: DemoModels = { state: 'idle', step: 0, steps: 0, error: null, doing: null, made: [] };
const NONE: ModelPage = { models: [], nextCursor: null };
type Demo = () => DemoModels | Refusal;
type Answer = (query: URLSearchParams) => ModelPage | Refusal | Promise<ModelPage>;

function serve(list: Answer, options: { projects?: Project[]; demo?: Demo; start?: Demo } = {}) {
  const demo = options.demo ?? (() => IDLE);
  return fakeApi([
    [projectRoutes.list, () => options.projects ?? [PROJECT]],
    [registryRoutes.list, ({ url }) => list(url.searchParams)],
    [registryRoutes.storage, () => ({ heldBytes: 0, freeableBytes: 0, deleted: [] })],
    [demoModelRoutes.state, demo],
    [demoModelRoutes.start, options.start ?? demo],
  ]);
}

const named = (...names: string[]): ModelPage => ({
  models: names.map((name) => modelSummary({ id: `mdl_${name.replaceAll('-', '')}`, name })),
  nextCursor: null,
});
const shownNames = () => screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent);
const search = () => new URLSearchParams(window.location.search);

beforeEach(() => visit('/models'));

test('offers the three ways to a first model where there is none', async () => {
  serve(() => NONE);
  renderPage(<ModelsPage />);
  await screen.findByRole('heading', { name: 'No models yet' });
  expect(screen.getByRole('link', { name: 'Train by a sentence' }).getAttribute('href')).toBe('/projects/prj_1');
  for (const name of ['Register a model', 'Register a file']) {
    expect(screen.getByRole('link', { name }).getAttribute('href')).toBe('/models/register?project=prj_1');
  }
  screen.getByRole('button', { name: 'Initialize demo data' });
});

test('makes the demo models, says how far they are, and lists each as soon as it is there', async () => {
  const made = [{ modelId: 'mdl_mobilenet', name: 'mobilenet-digits', version: '1.0.0' }];
  const running: DemoModels = {
    ...IDLE,
    state: 'running',
    step: 1,
    steps: 12,
    doing: { what: 'train', family: 'mobilenet', version: 1 },
  };
  let demo = IDLE;
  const calls = serve(() => (demo.made.length > 0 ? named('mobilenet-digits') : NONE), { demo: () => demo });
  renderPage(<ModelsPage />);
  const button = await screen.findByRole('button', { name: 'Initialize demo data' });
  demo = running;
  await userEvent.click(button);
  await screen.findByText(/Training MobileNet, version 1 · 1 of 12 steps/);
  expect(screen.getByRole('progressbar', { name: 'Demo models' }).getAttribute('aria-valuenow')).toBe('1');
  demo = { ...running, step: 2, made, doing: { what: 'train', family: 'mobilenet', version: 2 } };
  await screen.findByRole('link', { name: 'mobilenet-digits' });
  demo = { ...demo, state: 'completed', step: 12, doing: null };
  await expect.poll(() => screen.queryByRole('progressbar')).toBeNull();
  expect(calls.filter(({ url }) => url.pathname.endsWith('/demo')).length).toBeGreaterThan(2);
});

test('says why the demo models cannot be begun', async () => {
  serve(() => NONE, { start: () => new Refusal(503, 'training.python_missing') });
  renderPage(<ModelsPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Initialize demo data' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Python');
  await expect
    .poll(() => screen.getByRole<HTMLButtonElement>('button', { name: 'Initialize demo data' }).disabled)
    .toBe(false);
});

test('says why the demo models failed, and begins them again', async () => {
  const problem = { code: 'demo.failed', message: { en: 'No Python here.', ko: '파이썬이 없습니다.' }, params: {} };
  const calls = serve(() => NONE, { demo: () => ({ ...IDLE, state: 'failed', error: problem }) as DemoModels });
  renderPage(<ModelsPage />);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('No Python here.');
  const before = calls.length;
  await userEvent.click(within(alert).getByRole('button'));
  await expect.poll(() => calls.slice(before).some(({ url }) => url.pathname.endsWith('/demo'))).toBe(true);
});

test('leads to registering one when the models cannot be read', async () => {
  serve(() => new Refusal(500, 'server.unexpected'));
  renderPage(<ModelsPage />);
  await screen.findByRole('alert');
  screen.getByRole('link', { name: 'Register a model' });
});

test('searches as one types, once the text rests, and keeps the old list until the new one is there', async () => {
  let answer: ((page: ModelPage) => void) | undefined;
  const calls = serve((query) =>
    query.get('search') === 'cat'
      ? new Promise<ModelPage>((resolve) => {
          answer = resolve;
        })
      : named('cats', 'dogs'),
  );
  renderPage(<ModelsPage />);
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Search models' }), 'cat');
  await expect.poll(() => answer).toBeDefined();
  expect(shownNames()).toEqual(['cats', 'dogs']);
  answer?.(named('cats'));
  await expect.poll(shownNames).toEqual(['cats']);
  const asked = calls.map(({ url }) => url.searchParams.get('search')).filter(Boolean);
  expect(asked).toEqual(['cat']);
  expect(search().get('q')).toBe('cat');
});

test('keeps its state in the address, and Back takes a filter away again', async () => {
  visit('/models?q=cat&framework=timm&metric=val_accuracy%3E%3D0.9&tag=team%3Dvision&alias=champion&sort=name');
  const calls = serve(() => named('cats'));
  renderPage(<ModelsPage />);
  await screen.findByRole('heading', { name: 'cats' });
  const last = () => calls.findLast(({ url }) => url.pathname.endsWith('/prj_1/models'))?.url.searchParams;
  expect(last()?.toString()).toBe(
    'search=cat&framework=timm&metric=val_accuracy%3E%3D0.9&tag=team%3Dvision&alias=champion&sort=name&limit=50',
  );
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('cat');

  await userEvent.click(screen.getByRole('button', { name: /^Task/ }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Segmentation' }));
  await expect.poll(() => last()?.get('task')).toBe('segmentation');
  expect(search().get('task')).toBe('segmentation');
  window.history.back();
  await expect.poll(() => last()?.get('task')).toBeNull();
  screen.getByRole('button', { name: /^Task$/ });
});

test('narrows by the stage that a version is in, also by those that are no longer in use', async () => {
  const calls = serve(() => named('cats'));
  renderPage(<ModelsPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Stage' }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Archived' }));
  await expect.poll(() => search().get('stage')).toBe('Archived');
  const asked = () => calls.findLast(({ url }) => url.pathname.endsWith('/prj_1/models'))?.url.searchParams;
  await expect.poll(() => asked()?.get('stage')).toBe('Archived');
});

test('narrows by a range of a metric and by a tag, and widens again', async () => {
  serve(() => named('cats'));
  renderPage(<ModelsPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Metric' }));
  await userEvent.type(screen.getByLabelText('From'), '0.9');
  await userEvent.type(screen.getByLabelText('To'), '0.99');
  await userEvent.click(screen.getByRole('button', { name: 'Apply' }));
  await expect.poll(() => search().getAll('metric')).toEqual(['val_accuracy>=0.9', 'val_accuracy<=0.99']);
  await userEvent.click(screen.getByRole('button', { name: 'Tag' }));
  await userEvent.type(screen.getByRole('combobox', { name: 'Tag' }), 'team=vision{Enter}');
  await expect.poll(() => search().getAll('tag')).toEqual(['team=vision']);
  await userEvent.click(await screen.findByRole('button', { name: 'No longer val_accuracy>=0.9' }));
  await expect.poll(() => search().getAll('metric')).toEqual(['val_accuracy<=0.99']);
  await userEvent.click(screen.getByRole('button', { name: 'Clear all' }));
  await expect.poll(() => search().toString()).toBe('');
});

test('says that nothing passes rather than that there is nothing, and clears what narrows', async () => {
  serve((query) => (query.get('search') ? NONE : named('cats')));
  visit('/models?q=zebra');
  renderPage(<ModelsPage />);
  await screen.findByRole('heading', { name: 'No model passes' });
  await userEvent.click(screen.getByRole('button', { name: 'Clear the search' }));
  await screen.findByRole('heading', { name: 'cats' });
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('');
});

test('asks for more as the end of the list comes near, and holds only what is in sight', async () => {
  const all = Array.from({ length: 150 }, (_, index) => `model-${index}`);
  const calls = serve((query) => {
    const from = Number(query.get('cursor') ?? 0);
    return { ...named(...all.slice(from, from + 50)), nextCursor: from + 50 < all.length ? String(from + 50) : null };
  });
  renderPage(<ModelsPage />);
  await screen.findByRole('heading', { name: 'model-0' });
  expect(shownNames().length).toBeLessThan(30);
  const scroller = screen.getByRole('list', { name: 'Models' }).closest('.overflow-y-auto');
  if (!scroller) throw new Error('the page does not scroll');
  for (const top of [3500, 7800, 12_000]) {
    scroller.scrollTop = top;
    scroller.dispatchEvent(new Event('scroll'));
    await screen.findByRole('heading', { name: `model-${Math.floor(top / 84)}` });
  }
  expect(calls.map(({ url }) => url.searchParams.get('cursor')).filter(Boolean)).toEqual(['50', '100']);
  await expect.poll(() => screen.getAllByRole('listitem')[0]?.getAttribute('aria-setsize')).toBe('150');
});

test('sorts by a figure of the models and shows it', async () => {
  visit('/models?sort=metric:top5');
  serve(() => ({
    models: [modelSummary({ latest: versionSummary({ metrics: { val_accuracy: 0.9, top5: 0.995 } }) })],
    nextCursor: null,
  }));
  renderPage(<ModelsPage />);
  expect((await screen.findByText('top5', { selector: 'dt' })).nextElementSibling?.textContent).toBe('0.995');
  await userEvent.click(screen.getByRole('button', { name: /^Descending/ }));
  await expect.poll(() => search().get('order')).toBe('asc');
});

test('registers into the project that is looked at, and asks for one where there is none', async () => {
  serve(() => NONE);
  const { unmount } = renderPage(<RegisterPage />);
  await screen.findByRole('form', { name: 'Register a model' });
  screen.getByText(/in Pets/);
  unmount();
  serve(() => NONE, { projects: [] });
  renderPage(<RegisterPage />);
  await screen.findByRole('link', { name: /project/i });
  expect(screen.queryByRole('form')).toBeNull();
});
