import { type ModelVersion, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { modelVersion, registeredModel } from '@/test-models';
import { fakeApi, renderPage } from '@/test-page';
import { ModelPage } from './model-page';

vi.mock('next/navigation', () => ({
  useParams: () => ({ modelId: 'mdl_1' }),
  useSearchParams: () => new URLSearchParams(),
  useRouter: () => ({ replace: () => undefined }),
}));

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

function renderVersion(change: Partial<ModelVersion> = {}, taskType: RegisteredModel['taskType'] = 'classification') {
  fakeApi([
    [registryRoutes.get, () => registeredModel({ taskType, aliases: { candidate: '1.0.0' } })],
    [registryRoutes.version, () => ({ ...UPLOADED, ...change })],
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

test('shows of a version that came over MLflow what it is there, and how a program loads it', async () => {
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
  renderVersion({ logged, number: 3, framework: 'sklearn', taskType: null });
  await screen.findByRole('heading', { name: 'In MLflow' });
  const told = (label: string) => screen.getByText(label).nextElementSibling?.textContent;
  expect(told('Version number')).toBe('3');
  expect(told('Flavors')).toBe('python_function 3.11.7sklearn 1.8.0');
  expect(screen.getByRole('link', { name: 'run_abc' }).getAttribute('href')).toBe('/runs/run_abc');
  expect(screen.getByText(/load_model/).textContent).toContain('mlflow.sklearn.load_model("models:/pets/3")');
  within(screen.getByRole('region', { name: 'Parameters of the run' })).getByRole('row', { name: 'lr 0.1' });
  screen.getByText('Registered over MLflow');
});

test('says where it is not known what a model is for', async () => {
  renderVersion({ taskType: null }, null);
  await screen.findByRole('heading', { name: 'About this version' });
  expect(screen.getByText('Task').nextElementSibling?.textContent).toBe('not given');
});
