import { type Run, registryRoutes, runArtifactRoutes, runRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { modelVersion } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { RegisterRunForm } from './register-run-form';

const push = vi.hoisted(() => vi.fn());
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));

const AT = '2026-11-01T00:00:00.000Z';
const NEXT = { major: '2.0.0', minor: '1.3.0', patch: '1.2.4' };

const CONFIG: Run['config'] = {
  taskType: 'classification',
  model: { source: 'timm', name: 'resnet18' },
  dataset: { id: 'dst_1', versionId: 'dsv_1', name: 'pets' },
  classNames: ['cat', 'dog'],
  hyperparameters: {
    ...{ epochs: 3, batchSize: 64, learningRate: 0.001, imageSize: 32, optimizer: 'adamw', scheduler: 'cosine' },
    ...{ weightDecay: 0.01, momentum: 0.9, dropout: 0, labelSmoothing: 0, pretrained: false, freezeBackbone: false },
    ...{ augmentation: 'none', seed: 42, earlyStoppingPatience: null, precision: 'fp32', warmupEpochs: 0 },
    validationSplit: 0.2,
  },
  resources: {},
};

function run(name: string, status: Run['status'], change: Partial<Run> = {}): Run {
  return {
    ...{ id: `run_${name}`, name, projectId: 'prj_1', conversationId: null, configId: 'cfg_1', status },
    ...{ modelName: 'resnet18', datasetName: 'pets', valAccuracy: 0.97, createdAt: AT, startedAt: AT, endedAt: AT },
    config: CONFIG,
    ...{ configHash: 'a', steps: [], notices: [], problem: null, result: null, model: null },
    ...change,
  };
}

const summaryOf = ({ config: _, configHash: __, steps, notices, problem, result, model, ...summary }: Run) => summary;
const file = (name: string) => ({ name, isFolder: false, sizeBytes: 1000 });

type Given = { runs?: Run[]; files?: string[]; register?: () => unknown };

function renderForm({ runs = [run('pets', 'completed')], files = ['last.pth', 'model.onnx'], register }: Given = {}) {
  const calls = fakeApi([
    [runRoutes.list, () => runs.map(summaryOf)],
    [runRoutes.get, () => runs[0]],
    [runArtifactRoutes.list, () => ({ location: 'mlflow-artifacts:/', artifacts: files.map(file) })],
    [registryRoutes.list, () => ({ models: [], nextCursor: null })],
    [registryRoutes.nextVersions, () => NEXT],
    [registryRoutes.register, register ?? (() => modelVersion({ version: '1.2.4' }))],
  ]);
  const sent = () => calls.filter(({ url }) => url.pathname.endsWith('/register')).map(({ body }) => body);
  return { calls, sent, ...renderPage(<RegisterRunForm projectId="prj_1" />) };
}

async function choose(name: string): Promise<void> {
  await userEvent.click(await screen.findByRole('combobox', { name: 'Training of this project' }));
  await userEvent.click(await screen.findByRole('option', { name: new RegExp(`^${name} `) }));
}
const press = async () => userEvent.click(await screen.findByRole('button', { name: 'Register' }));

beforeEach(() => push.mockReset());

test('offers the trainings that have ended', async () => {
  renderForm({ runs: [run('pets', 'failed'), run('going', 'running')] });
  await userEvent.click(await screen.findByRole('combobox', { name: 'Training of this project' }));
  const options = (await screen.findAllByRole('option')).map(({ textContent }) => textContent);
  expect(options).toEqual([expect.stringMatching(/^pets · 97(\.0)?% · Failed · /)]);
});

test('shows what the training left, and the next version, before it is registered', async () => {
  const { sent } = renderForm();
  await choose('pets');
  const table = within(await screen.findByRole('region', { name: 'Files of the training' }));
  table.getByRole('row', { name: /model\.onnx ONNX/ });
  table.getByRole('row', { name: /last\.pth Stays behind/ });
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('pets-resnet18');
  await userEvent.click(await screen.findByRole('radio', { name: /Patch 1\.2\.4/ }));
  await screen.findByText(/It becomes 1\.2\.4/);
  await press();
  await expect.poll(() => push.mock.calls).toEqual([['/models/mdl_1?version=1.2.4']]);
  expect(sent()).toEqual([
    {
      ...{ name: 'pets-resnet18', bump: 'patch', run: 'run_pets', framework: 'pytorch', architecture: 'resnet18' },
      ...{ taskType: 'classification', inputShape: null, metrics: {}, memo: '' },
      key: expect.stringMatching(/^\w{32}$/),
    },
  ]);
});

test('sends the same key again when the answer was lost', async () => {
  let tries = 0;
  const answer = () => {
    tries += 1;
    return tries === 1 ? new Refusal(503, 'server.unavailable') : modelVersion();
  };
  const { sent } = renderForm({ register: answer });
  await choose('pets');
  await press();
  await screen.findByRole('alert');
  await press();
  await expect.poll(() => push.mock.calls).toHaveLength(1);
  const keys = sent().map((body) => (body as { key: string }).key);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('says when a training left nothing, and which version it made by itself', async () => {
  renderForm({
    runs: [run('pets', 'completed', { model: { modelId: 'mdl_9', name: 'pets', version: '1.0.0' } })],
    files: ['last.pth'],
  });
  await choose('pets');
  await screen.findByText(/left no files/);
  expect((await screen.findByRole('link', { name: 'pets 1.0.0' })).getAttribute('href')).toBe(
    '/models/mdl_9?version=1.0.0',
  );
});

test('says when no training has ended', async () => {
  renderForm({ runs: [run('pets', 'queued')] });
  await screen.findByText('No training has ended yet');
});
