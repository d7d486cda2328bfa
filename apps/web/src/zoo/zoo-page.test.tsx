import {
  datasetRoutes,
  projectRoutes,
  type ZooPage as ZooAnswer,
  type ZooDetails,
  type ZooFacets,
  zooRoutes,
} from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { visit } from '@/test-navigation';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { pointsOf } from './compare/cost-plot';
import { ZooPage } from './zoo-page';

vi.mock('next/navigation', () => import('@/test-navigation'));

const PROJECT = { id: 'prj_1', name: 'Pets', createdAt: '2026-01-02T03:04:05.000Z' };
const COUNTS = { datasetCount: 1, runCount: 0, modelCount: 0 };
const FACETS: ZooFacets = {
  source: [{ value: 'timm', count: 2 }],
  taskType: [
    { value: 'classification', count: 2 },
    { value: 'detection', count: 1 },
  ],
  family: [{ value: 'resnet', count: 2 }],
  license: [],
  inputSize: [{ value: '224', count: 2 }],
  pretrained: [{ value: 'true', count: 2 }],
  trainable: [{ value: 'true', count: 2 }],
  paramsM: null,
  gflops: null,
};

function zooModel(name: string, change: Partial<ZooDetails> = {}): ZooDetails {
  const accuracy = { metric: 'top1' as const, value: 80, dataset: 'ImageNet-1k', tag: 'a1', inputSize: null };
  return {
    key: `timm/${name}`,
    name,
    source: 'timm',
    family: 'resnet',
    taskType: 'classification',
    paramsM: 25.6,
    gflops: 4.1,
    inputSize: 224,
    license: 'apache-2.0',
    accuracy: { ...accuracy, source: 'results-imagenet.csv' },
    hasPretrained: true,
    trainingMemoryBytes: 3_000_000_000,
    extra: { name: 'timm', installed: true },
    trainable: true,
    fixedInputSize: false,
    pretrained: [{ tag: 'a1_in1k', hubId: `timm/${name}.a1_in1k`, license: 'apache-2.0' }],
    published: [{ ...accuracy, source: 'results-imagenet.csv' }],
    publishedTrainingMemoryGb: null,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    catalogue: { library: 'timm', version: '1.0.0' },
    missing: null,
    alternatives: [],
    added: null,
    ...change,
  };
}

const listing = ({ key, name, source, family, taskType, ...rest }: ZooDetails) => {
  const { paramsM, gflops, inputSize, license, accuracy, hasPretrained, trainingMemoryBytes, extra, trainable } = rest;
  const figures = { paramsM, gflops, inputSize, license, accuracy, hasPretrained, trainingMemoryBytes };
  return { key, name, source, family, taskType, ...figures, extra, trainable };
};

function serve(
  models: ZooDetails[],
  answer: (query: URLSearchParams) => Partial<ZooAnswer> | Refusal = () => ({}),
  ...more: Parameters<typeof fakeApi>[0]
) {
  return fakeApi([
    ...more,
    [projectRoutes.list, () => [{ ...PROJECT, ...COUNTS }]],
    [datasetRoutes.list, () => []],
    [zooRoutes.facets, () => FACETS],
    [
      zooRoutes.search,
      ({ url }) => {
        const said = answer(url.searchParams);
        if (said instanceof Refusal) return said;
        return { models: models.map(listing), total: models.length, reading: null, ...said };
      },
    ],
    [
      zooRoutes.details,
      ({ url }) => url.searchParams.getAll('models').flatMap((key) => models.find((model) => model.key === key) ?? []),
    ],
  ]);
}

const search = () => new URLSearchParams(window.location.search);

beforeEach(() => visit('/zoo'));

test('says what a search in words was understood as', async () => {
  serve([zooModel('resnet18')], (query) =>
    query.get('query') ? { reading: { taskType: 'classification', maxParamsM: 5, wishes: ['light', 'fast'] } } : {},
  );
  renderPage(<ZooPage />);
  await userEvent.type(await screen.findByRole('searchbox'), '작고 빠른 분류기');
  const line = (await screen.findByText('Understood:')).textContent;
  for (const part of ['Image classification', 'up to 5M', 'small', 'fast']) expect(line).toContain(part);
  expect(search().get('q')).toBe('작고 빠른 분류기');
});

test('narrows by what models have, saying how many each choice leaves, and Back widens again', async () => {
  const calls = serve([zooModel('resnet18')]);
  renderPage(<ZooPage />);
  const asked = () => calls.findLast(({ url }) => url.pathname.endsWith('/zoo/models'))?.url.searchParams;
  await userEvent.click(await screen.findByRole('button', { name: 'Task' }));
  expect(screen.getByRole('checkbox', { name: 'Object detection 1' })).toBeDefined();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Object detection 1' }));
  await expect.poll(() => asked()?.get('taskType')).toBe('detection');
  await userEvent.keyboard('{Escape}');
  await userEvent.click(screen.getByRole('button', { name: 'Parameters' }));
  await userEvent.type(screen.getByLabelText('To (M)'), '5{Enter}');
  await expect.poll(() => asked()?.get('maxParamsM')).toBe('5');
  screen.getByRole('button', { name: 'Parameters: ≤ 5M' });
  window.history.back();
  await expect.poll(() => asked()?.get('maxParamsM')).toBeNull();
  expect(asked()?.get('taskType')).toBe('detection');
});

test('holds only the rows in sight of thousands, and asks for those that are scrolled to', async () => {
  const calls = serve([], (query) => {
    const offset = Number(query.get('offset') ?? 0);
    const models = Array.from({ length: 100 }, (_, index) => listing(zooModel(`model${offset + index}`)));
    return { models, total: 3000 };
  });
  renderPage(<ZooPage />);
  await screen.findByRole('button', { name: 'model0' });
  expect(screen.getAllByRole('listitem').length).toBeLessThan(40);
  expect(screen.getAllByRole('listitem')[0]?.getAttribute('aria-setsize')).toBe('3000');
  const scroller = screen.getByRole('list', { name: 'Model zoo' }).closest('.overflow-y-auto');
  if (!scroller) throw new Error('the page does not scroll');
  scroller.scrollTop = 250 * 60;
  scroller.dispatchEvent(new Event('scroll'));
  await screen.findByRole('button', { name: 'model255' });
  expect(calls.map(({ url }) => url.searchParams.get('offset')).filter(Boolean)).toEqual(['100', '200']);
});

test('tells all of a model, each figure with its source, and leads to the chat with the sentence filled in', async () => {
  serve([zooModel('resnet18', { publishedTrainingMemoryGb: 2.5 })]);
  renderPage(<ZooPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'resnet18' }));
  const panel = within(await screen.findByRole('dialog', { name: 'resnet18' }));
  await panel.findByText('results-imagenet.csv');
  panel.getByText('Training memory, batch 32');
  panel.getByText('2.5 GB');
  expect(panel.getByRole('link', { name: 'Train this' }).getAttribute('href')).toBe(
    `/projects/prj_1?draft=${encodeURIComponent('train resnet18')}`,
  );
  expect(search().get('model')).toBe('timm/resnet18');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
});

test('says before the press that a model cannot be trained here, and leads to one that can', async () => {
  const message = { en: 'It cannot be trained here yet.', ko: '아직 학습할 수 없습니다.' };
  const missing = { code: 'model.not_trainable_yet', message, params: {} } as ZooDetails['missing'];
  const resnet = zooModel('resnet18');
  const faster = zooModel('faster', { trainable: false, missing, alternatives: [listing(resnet)] });
  serve([faster, resnet]);
  renderPage(<ZooPage />);
  const [row] = await screen.findAllByRole('listitem');
  within(row as HTMLElement).getByText('not trainable here yet');
  expect(screen.getAllByText('not trainable here yet')).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'faster' }));
  const panel = within(await screen.findByRole('dialog', { name: 'faster' }));
  await panel.findByText('It cannot be trained here yet.');
  expect(panel.queryByRole('link', { name: 'Train this' })).toBeNull();
  expect(panel.getByRole('link', { name: 'Train resnet18 instead' }).getAttribute('href')).toContain(
    encodeURIComponent('train resnet18'),
  );
  await userEvent.click(panel.getByRole('button', { name: 'resnet18' }));
  await screen.findByRole('dialog', { name: 'resnet18' });
  expect(search().get('model')).toBe('timm/resnet18');
});

test('opens with what to begin with, and with a search with what is nearest to it', async () => {
  const calls = serve([zooModel('resnet18')]);
  renderPage(<ZooPage />);
  const sort = () => calls.findLast(({ url }) => url.pathname.endsWith('/zoo/models'))?.url.searchParams.get('sort');
  await expect.poll(sort).toBe('suggested');
  const menu = await screen.findByRole('combobox', { name: 'Sort by' });
  expect(menu.textContent).toBe('Suggested: small, widely used');
  await userEvent.click(menu);
  expect(screen.queryByRole('option', { name: 'Nearest first' })).toBeNull();
  await userEvent.keyboard('{Escape}');
  await userEvent.type(screen.getByRole('searchbox'), 'resnet');
  await expect.poll(sort).toBe('relevance');
  await userEvent.click(screen.getByRole('combobox', { name: 'Sort by' }));
  await userEvent.click(screen.getByRole('option', { name: 'Suggested: small, widely used' }));
  await expect.poll(sort).toBe('suggested');
  expect(search().get('sort')).toBe('suggested');
});

test('lists what can be trained here alone', async () => {
  const calls = serve([zooModel('resnet18')]);
  renderPage(<ZooPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Only' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Can be trained here 2' }));
  const asked = () => calls.findLast(({ url }) => url.pathname.endsWith('/zoo/models'))?.url.searchParams;
  await expect.poll(() => asked()?.get('trainable')).toBe('true');
});

test('adds a Python file, says why it makes no model, and shows the model that it makes', async () => {
  const code = 'def net(num_classes): ...';
  const own = zooModel('my_net', {
    ...{ key: 'own/my_net', source: 'own', catalogue: null, published: [], pretrained: [] },
    added: { kind: 'python', code, sha256: 'abcdef0123456789', entry: 'net' },
  });
  const bodies: unknown[] = [];
  serve([own], undefined, [
    zooRoutes.add,
    ({ body }) => {
      bodies.push(body);
      return bodies.length === 1 ? new Refusal(422, 'zoo.code_failed') : own;
    },
  ]);
  renderPage(<ZooPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Add your own' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByRole('textbox', { name: 'Name' }), 'my_net');
  const file = new File([code], 'net.py', { type: 'text/x-python' });
  await userEvent.upload(dialog.getByLabelText('File'), file);
  await userEvent.click(dialog.getByRole('button', { name: 'Add' }));
  await dialog.findByRole('alert');
  await userEvent.click(dialog.getByRole('button', { name: 'Add' }));
  const panel = within(await screen.findByRole('dialog', { name: 'my_net' }));
  await panel.findByText(code);
  expect(bodies[1]).toEqual({ kind: 'python', name: 'my_net', code, inputSize: 224 });
});

test('shows the command of a Docker image, and takes it out again', async () => {
  const command = 'docker run --rm lab/net:1 /config.json';
  const image = zooModel('lab_net', {
    ...{ key: 'own/lab_net', source: 'own', catalogue: null, published: [], pretrained: [], trainable: false },
    added: { kind: 'docker', image: 'lab/net:1', command },
  });
  const calls = serve([image], undefined, [zooRoutes.remove, () => null]);
  visit('/zoo?model=own/lab_net');
  renderPage(<ZooPage />);
  await screen.findByText(command);
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  const asked = within(await screen.findByRole('alertdialog'));
  await userEvent.click(asked.getByRole('button', { name: 'Remove' }));
  await expect.poll(() => calls.some(({ url }) => url.pathname.endsWith('/zoo/added/lab_net'))).toBe(true);
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
});

test('compares chosen models in a table, where the best of a row stands out, and no more than six', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  serve(names.map((name, index) => zooModel(name, { paramsM: 10 + index, trainingMemoryBytes: null })));
  renderPage(<ZooPage />);
  for (const name of names.slice(0, 6)) {
    await userEvent.click(await screen.findByRole('checkbox', { name: `Compare ${name}` }));
  }
  await expect.poll(() => screen.getByRole<HTMLButtonElement>('checkbox', { name: 'Compare g' }).disabled).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'Compare' }));
  await screen.findByRole('heading', { name: 'Compare models' });
  const row = await screen.findByRole('row', { name: /^Parameters/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  ).toEqual(['10M (best)', '11M', '12M', '13M', '14M', '15M']);
  await userEvent.click(screen.getByRole('button', { name: 'Back to the zoo' }));
  await screen.findByRole('region', { name: 'Chosen to compare' });
});

test('plots only what was measured alike, and names what is left out', () => {
  const box = { metric: 'box_ap' as const, value: 40, dataset: 'COCO', tag: null, inputSize: null, source: 'x' };
  const models = [zooModel('a'), zooModel('b'), zooModel('c', { accuracy: box }), zooModel('d', { gflops: null })];
  const { points, leftOut, measure } = pointsOf(models, 'gflops');
  expect(points.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(leftOut).toEqual(['c', 'd']);
  expect(measure?.metric).toBe('top1');
});

test('says that the zoo cannot be read, and tries again', async () => {
  let tries = 0;
  serve([zooModel('resnet18')], () => {
    tries += 1;
    return tries === 1 ? new Refusal(500, 'server.unexpected') : {};
  });
  renderPage(<ZooPage />);
  await userEvent.click(within(await screen.findByRole('alert')).getByRole('button'));
  await screen.findByRole('button', { name: 'resnet18' });
});
