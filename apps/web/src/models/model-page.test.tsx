import {
  type ModelCard,
  type ModelVersion,
  modelCardRoutes,
  type RegisteredModel,
  registryRoutes,
} from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { modelCard, modelVersion, registeredModel, versionSummary } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { ModelPage } from './model-page';

const address = vi.hoisted(() => ({ search: '', replaced: [] as string[] }));
vi.mock('next/navigation', () => ({
  useParams: () => ({ modelId: 'mdl_1' }),
  useSearchParams: () => new URLSearchParams(address.search),
  useRouter: () => ({ replace: (href: string) => address.replaced.push(href) }),
}));
beforeEach(() => {
  address.search = '';
  address.replaced = [];
});

const UPLOADED = modelVersion({
  metrics: { val_accuracy: 0.97, top5: 0.995 },
  framework: 'tensorflow',
  inputShape: [-1, 3, 224, 224],
  classNames: ['cat', 'dog'],
  datasetName: 'pets-2026',
  memo: 'from the old laptop\nkeep',
  artifacts: [
    { name: 'model.onnx', sizeBytes: 5, sha256: 'aaa', kind: 'onnx' },
    { name: 'old.pth', sizeBytes: 2, sha256: 'bbb', kind: 'pytorch_legacy' },
  ],
});

function renderVersion(
  change: Partial<ModelVersion> = {},
  taskType: RegisteredModel['taskType'] = 'classification',
  card: Partial<ModelCard> = {},
) {
  const metrics = change.metrics ?? UPLOADED.metrics;
  fakeApi([
    [
      registryRoutes.get,
      () =>
        registeredModel({
          taskType,
          aliases: { candidate: '1.0.0' },
          versions: [versionSummary({ metrics })],
        }),
    ],
    [registryRoutes.version, () => ({ ...UPLOADED, ...change })],
    [modelCardRoutes.get, () => modelCard(card)],
    [registryRoutes.aliasChanges, () => []],
  ]);
  return renderPage(<ModelPage />);
}

test('shows of uploaded files what was said of them, and nothing of a training', async () => {
  renderVersion();
  await screen.findByRole('heading', { name: 'About this version' });
  const told = (label: string) => screen.getByText(label).nextElementSibling?.textContent;
  expect(told('Framework')).toBe('tensorflow');
  expect(told('Task')).toBe('Image classification');
  expect(told('Input shape')).toBe('any × 3 × 224 × 224');
  expect(told('Classes')).toBe('2 classes');
  expect(told('Dataset')).toBe('pets-2026');
  screen.getByText(/from the old laptop/);
  within(screen.getByRole('region', { name: 'Metrics' })).getByRole('row', { name: 'top5 0.995' });
  for (const title of ['Confusion matrix', 'Figures by class', 'Conversation', 'How it was made']) {
    expect(screen.queryByRole('heading', { name: title })).toBeNull();
  }
  expect(screen.queryByText('Best epoch')).toBeNull();
});

test('tells what each file was found to be', async () => {
  renderVersion();
  const item = async (name: string) => (await screen.findByText(name)).closest('li')?.textContent;
  expect(await item('model.onnx')).toContain('ONNX');
  expect(await item('old.pth')).toContain('PyTorch (old pickle)');
});

test('shows of a version that came over MLflow what it is there', async () => {
  const logged = {
    source: 'models:/m-1',
    location: 'mlflow-artifacts:/0/models/m-1/artifacts',
    modelId: 'm-1',
    runId: 'run_abc',
    runLink: null,
    params: { lr: '0.1' },
    flavors: [
      { name: 'python_function', version: '3.11.7' },
      { name: 'sklearn', version: '1.8.0' },
    ],
  };
  renderVersion({ logged, number: 3, framework: 'sklearn', taskType: null }, 'classification', {
    settings: [{ name: 'lr', value: '0.1' }],
    runTags: [{ name: 'mlflow.user', value: 'kim' }],
  });
  await screen.findByRole('heading', { name: 'In MLflow' });
  const told = (label: string) => screen.getByText(label).nextElementSibling?.textContent;
  expect(told('Version number')).toBe('3');
  expect(told('Flavors')).toBe('python_function 3.11.7sklearn 1.8.0');
  expect(screen.getByRole('link', { name: 'run_abc' }).getAttribute('href')).toBe('/runs/run_abc');
  const params = await screen.findByRole('region', { name: 'Parameters of the run' });
  within(params).getByRole('row', { name: 'lr 0.1' });
  within(screen.getByRole('region', { name: 'Tags of the run' })).getByRole('row', { name: 'mlflow.user kim' });
  screen.getByText('Registered over MLflow');
});

test('says where it is not known what a model is for', async () => {
  renderVersion({ taskType: null }, null);
  await screen.findByRole('heading', { name: 'About this version' });
  expect(screen.getByText('Task').nextElementSibling?.textContent).toBe('not given');
});

test('shows the card of a version: what it is for, its limits, its data, its environment', async () => {
  renderVersion({}, 'classification', {
    license: 'apache-2.0',
    limits: ['No validation image of class cat: how well it is told is not known.'],
    training: ['resnet18, 3 epochs, 12 s on cpu, initial weights: none.', 'Energy: about 0.23 Wh (estimated at 65 W).'],
    environment: { statement: 'It is in requirements.txt.', text: 'scikit-learn==1.9.0' },
    data: {
      ...{ name: 'pets', datasetId: 'dst_1', versionNumber: 2, sha256: 'abc', imageCount: 500 },
      statements: ['Version 2 of dataset pets: 500 images of 2 classes.'],
      classes: [{ name: 'cat', imageCount: 300, share: 0.6, validationCount: 50 }],
    },
  });
  await screen.findByRole('heading', { name: 'Model card' });
  for (const text of ['Classifies images into 2 classes: cat, dog.', 'Registered from uploaded files.', 'apache-2.0']) {
    screen.getByText(text);
  }
  for (const text of [/No validation image/, /0.23 Wh/, 'scikit-learn==1.9.0', /500 images/]) screen.getByText(text);
  const classes = within(screen.getByRole('region', { name: 'Images by class' }));
  classes.getByRole('row', { name: 'cat 300 60.0% 50' });
  expect(screen.getByRole('link', { name: 'pets' }).getAttribute('href')).toBe('/datasets/dst_1');
});

test('shows Python for each way to load a version, and copies it', async () => {
  const code = 'import timm\n';
  renderVersion({}, 'classification', { snippets: [{ title: 'PyTorch + timm', code }] });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Copy the code for PyTorch + timm' }));
  expect(await navigator.clipboard.readText()).toBe(code);
  within(screen.getByRole('region', { name: 'Code for PyTorch + timm' })).getByText('import timm');
});

test('shows where a version came from and what was made of it, each a way there', async () => {
  const node = { detail: null, isThis: false };
  renderVersion({ children: ['1.0.1'] }, 'classification', {
    lineage: {
      nodes: [
        { ...node, key: 'conversation', kind: 'conversation', id: 'cnv_1', title: 'cats and dogs' },
        { ...node, key: 'dataset', kind: 'dataset', id: null, title: 'a deleted one' },
        { ...node, key: 'run', kind: 'run', id: 'run_1', title: 'run_1' },
        { ...node, key: 'model 1.0.0', kind: 'model', id: '1.0.0', title: 'pets 1.0.0', isThis: true },
        { ...node, key: 'model 1.0.1', kind: 'model', id: '1.0.1', title: 'pets 1.0.1' },
      ],
      edges: [
        { from: 'conversation', to: 'run' },
        { from: 'dataset', to: 'run' },
        { from: 'run', to: 'model 1.0.0' },
        { from: 'model 1.0.0', to: 'model 1.0.1' },
      ],
    },
  });
  const steps = within(await screen.findByRole('list', { name: /How this version came about/ }));
  const links = steps.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]);
  expect(links).toEqual([
    ['Conversationcats and dogs', '/projects/prj_1/chat/cnv_1'],
    ['Runrun_1from cats and dogs, a deleted one', '/runs/run_1'],
    ['Versionpets 1.0.1from pets 1.0.0', '/models/mdl_1?version=1.0.1'],
  ]);
  steps.getByText('a deleted one');
});

test('shows of a segmentation model how well it segments, before its loss and beside its version', async () => {
  renderVersion({ taskType: 'segmentation', metrics: { val_loss: 0.0663, val_miou: 0.91 } }, 'segmentation');
  const [first] = await screen.findAllByText('mIoU');
  expect(first?.nextElementSibling?.textContent).toBe('91.0%');
  expect(screen.getByRole('combobox', { name: 'Version' }).textContent).toBe('1.0.0 · 91.0% · @candidate');
});

test('says why there is no card, and the rest of the page stays', async () => {
  fakeApi([
    [registryRoutes.get, () => registeredModel()],
    [registryRoutes.version, () => UPLOADED],
    [registryRoutes.aliasChanges, () => []],
    [modelCardRoutes.get, () => new Refusal(503, 'server.unavailable')],
  ]);
  renderPage(<ModelPage />);
  await screen.findByRole('alert');
  screen.getByRole('heading', { name: 'About this version' });
});

test('leads to the version that a reference in the address means', async () => {
  address.search = '?version=@candidate';
  const asked: unknown[] = [];
  fakeApi([
    [
      registryRoutes.resolve,
      ({ url }) => {
        asked.push(Object.fromEntries(url.searchParams));
        return UPLOADED;
      },
    ],
    [registryRoutes.get, () => registeredModel({ name: '고양이/3' })],
    [registryRoutes.version, () => UPLOADED],
    [modelCardRoutes.get, () => modelCard()],
    [registryRoutes.aliasChanges, () => []],
  ]);
  renderPage(<ModelPage />);
  await screen.findByRole('heading', { name: 'About this version' });
  expect(asked).toEqual([{ uri: 'mallo://models/%EA%B3%A0%EC%96%91%EC%9D%B4%2F3/@candidate', project: 'prj_1' }]);
  expect(address.replaced).toEqual(['?version=1.0.0']);
});

test('says that a reference means no version, and where there is one', async () => {
  address.search = '?version=@nobody';
  fakeApi([
    [registryRoutes.resolve, () => new Refusal(404, 'model.alias_unknown')],
    [registryRoutes.get, () => registeredModel()],
  ]);
  renderPage(<ModelPage />);
  await screen.findByRole('heading', { name: 'There is no version “@nobody”' });
  expect(screen.getByRole('link', { name: 'See the newest version' }).getAttribute('href')).toBe('/models/mdl_1');
  expect(address.replaced).toEqual([]);
});
