import { type ModelVersion, type Prediction, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeApi, renderPage } from '@/test-page';
import { ModelPage } from './model-page';
import { FakeUploads } from './register/fake-uploads';

vi.mock('next/navigation', () => ({
  useParams: () => ({ modelId: 'mdl_1' }),
  useSearchParams: () => new URLSearchParams(),
  useRouter: () => ({ replace: () => undefined }),
}));

const SUMMARY = {
  id: 'ver_1',
  version: '1.0.0',
  createdAt: '2026-01-02T03:04:05.000Z',
  runId: null,
  valAccuracy: 0.97,
  metrics: { val_accuracy: 0.97, top5: 0.995 },
  architecture: 'resnet18',
  sizeBytes: 7,
  deprecation: null,
};
const UPLOADED: ModelVersion = {
  ...SUMMARY,
  modelId: 'mdl_1',
  modelName: 'pets',
  projectId: 'prj_1',
  framework: 'tensorflow',
  inputShape: [-1, 3, 224, 224],
  classNames: ['cat', 'dog'],
  datasetName: 'pets-2026',
  memo: 'from the old laptop\nkeep',
  config: null,
  configHash: null,
  datasetVersionSha256: null,
  recipe: null,
  result: null,
  transcript: null,
  artifacts: [
    { name: 'model.onnx', sizeBytes: 5, sha256: 'aaa', kind: 'onnx' },
    { name: 'old.pth', sizeBytes: 2, sha256: 'bbb', kind: 'pytorch_legacy' },
  ],
};

function renderVersion(change: Partial<ModelVersion> = {}, taskType: RegisteredModel['taskType'] = 'classification') {
  fakeApi([
    [
      registryRoutes.get,
      () => ({
        id: 'mdl_1',
        projectId: 'prj_1',
        name: 'pets',
        taskType,
        createdAt: SUMMARY.createdAt,
        aliases: { candidate: '1.0.0' },
        versions: [SUMMARY],
      }),
    ],
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

const ONNX = { sizeBytes: 1, sha256: 'aaa', kind: 'onnx' as const };
test.each([
  ['a file that is no ONNX', { artifacts: UPLOADED.artifacts.slice(1) }, /no ONNX file/],
  ['no class names', { classNames: null }, /class names of this version are not known/],
  [
    'several ONNX files',
    {
      artifacts: [
        { name: 'a.onnx', ...ONNX },
        { name: 'b.onnx', ...ONNX },
      ],
    },
    /none is named model\.onnx/,
  ],
])('says why a version cannot be tried: %s', async (_, change, reason) => {
  renderVersion(change);
  await screen.findByText(reason);
  expect(screen.queryByTestId('prediction-drop')).toBeNull();
});

test('does not offer to try what is no classifier', async () => {
  renderVersion({}, 'segmentation');
  await screen.findByText(/Only classifiers/);
});

test.each<[Prediction['preprocessing'], RegExp]>([
  ['default', /Default preprocessing/],
  ['file', /preprocessing\.json/],
  ['model', /The model prepared the image itself/],
])('says of an answer who prepared the image: %s', async (preprocessing, text) => {
  URL.createObjectURL = () => 'blob:image';
  URL.revokeObjectURL = () => undefined;
  renderVersion();
  const answer: Prediction = { classes: [{ name: 'cat', confidence: 0.9 }], latencyMs: 3, preprocessing };
  new FakeUploads().interfere(({ path }) =>
    path.endsWith('/predict') ? { status: 200, text: JSON.stringify(answer) } : undefined,
  );
  await screen.findByTestId('prediction-drop');
  await userEvent.upload(screen.getByLabelText('Choose an image'), new File(['x'], 'cat.png', { type: 'image/png' }));
  within(await screen.findByTestId('prediction-result')).getByText(text);
});
