import { applyEvents, type RunWatcher, viewOfSnapshot } from '@mallo/client';
import { type LiveEvent, type Run, runRoutes } from '@mallo/contracts';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentProps } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { fakeApi, renderPage } from '@/test-page';
import { LiveRun } from './live-run';
import { ProgressPanel } from './progress-panel';

// The socket is the client's and tested there; here its watcher is told what to show.
let watcher: RunWatcher;
let stopped = 0;
vi.mock('@mallo/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@mallo/client')>()),
  watchRun: (_client: unknown, _runId: string, given: RunWatcher) => {
    watcher = given;
    return () => {
      stopped += 1;
    };
  },
}));

const START_MS = Date.parse('2026-01-02T03:04:05.000Z');
const at = (seconds: number) => new Date(START_MS + seconds * 1000).toISOString();

function run(change: Partial<Run> = {}): Run {
  return {
    id: 'run_1',
    name: 'resnet18-digits-1',
    projectId: 'prj_1',
    conversationId: 'cnv_1',
    configId: 'cfg_1',
    status: 'running',
    modelName: 'resnet18',
    datasetName: 'digits',
    valAccuracy: null,
    createdAt: at(0),
    startedAt: at(0),
    endedAt: null,
    config: {
      taskType: 'classification',
      model: { source: 'timm', name: 'resnet18' },
      dataset: { id: 'dst_1', versionId: 'dsv_1', name: 'digits' },
      classNames: ['0', '1'],
      hyperparameters: {
        epochs: 3,
        batchSize: 64,
        learningRate: 0.001,
        imageSize: 32,
        optimizer: 'adamw',
        scheduler: 'cosine',
        weightDecay: 0.01,
        momentum: 0.9,
        dropout: 0,
        labelSmoothing: 0,
        pretrained: false,
        freezeBackbone: false,
        augmentation: 'none',
        seed: 42,
        earlyStoppingPatience: null,
        precision: 'fp32',
        warmupEpochs: 0,
        validationSplit: 0.2,
      },
      resources: {},
    },
    configHash: 'abc',
    steps: [
      { name: 'validate_dataset', status: 'completed', attempt: 1, startedAt: at(0), endedAt: at(2) },
      { name: 'prepare_model', status: 'completed', attempt: 1, startedAt: at(2), endedAt: at(3) },
      { name: 'allocate_compute', status: 'completed', attempt: 2, startedAt: at(3), endedAt: at(5) },
      { name: 'run_training', status: 'running', attempt: 1, startedAt: at(5), endedAt: null },
      { name: 'register_model', status: 'pending', attempt: 0, startedAt: null, endedAt: null },
      { name: 'release_compute', status: 'pending', attempt: 0, startedAt: null, endedAt: null },
    ],
    notices: [],
    problem: null,
    result: null,
    model: null,
    ...change,
  };
}

let record: Run;
let fetches: unknown[];
beforeEach(() => {
  record = run();
  stopped = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  fetches = fakeApi([
    [runRoutes.get, () => record],
    [
      runRoutes.cancel,
      () => {
        record = run({ status: 'cancelling' });
        return record;
      },
    ],
  ]);
});

const EMPTY = viewOfSnapshot({ seq: 0, curves: [], logs: [], progress: null, notices: [] });

function show(events: LiveEvent[]) {
  const view = applyEvents(
    EMPTY,
    events.map((event, index) => ({ seq: index + 1, event })),
  );
  act(() => {
    watcher.onView(view);
    vi.advanceTimersByTime(300);
  });
}

const progress = (epoch: number, batch: number): LiveEvent => ({
  type: 'progress',
  timeMs: START_MS,
  epoch,
  epochs: 3,
  batch,
  batches: 20,
  step: (epoch - 1) * 20 + batch,
  imagesPerSecond: 450,
});
const metric = (key: string, step: number, value: number): LiveEvent => ({
  type: 'metric',
  key,
  step,
  timeMs: START_MS + step * 500,
  value,
});
const log = (line: string, stream: 'stdout' | 'stderr' = 'stdout'): LiveEvent => ({
  type: 'log',
  stream,
  timeMs: START_MS,
  line,
});

function renderPanel(props: Partial<ComponentProps<typeof ProgressPanel>> = {}) {
  return renderPage(
    <LiveRun runId="run_1" conversationId="cnv_1">
      <ProgressPanel runId="run_1" {...props} />
    </LiveRun>,
  );
}

test('shows each step with its state, its time and its tries', async () => {
  renderPanel();
  const allocate = await screen.findByTestId('step-allocate_compute');
  expect(allocate.dataset.status).toBe('completed');
  expect(allocate.textContent).toContain('try 2');
  expect(allocate.textContent).toContain('2 sec');
  expect(screen.getByTestId('step-run_training').getAttribute('aria-current')).toBe('step');
  expect(within(screen.getByTestId('step-register_model')).getByRole('img', { name: 'Not yet' })).toBeTruthy();
});

test('draws epoch, batch, what is left and the curves as they are pushed', async () => {
  renderPanel();
  await screen.findByTestId('run-status');
  show([
    ...Array.from({ length: 10 }, (_, index) => metric('loss', index + 1, 2 - index / 10)),
    metric('val_accuracy', 1, 0.875),
    progress(2, 5),
  ]);
  expect(screen.getByRole('progressbar', { name: 'Epoch' }).getAttribute('aria-valuenow')).toBe('1.25');
  expect(screen.getByRole('progressbar', { name: 'Batch' }).getAttribute('aria-valuenow')).toBe('5');
  expect(screen.getByTestId('eta').textContent).toMatch(/left$/);
  expect(screen.getByRole('img', { name: /^Accuracy over epochs.*validation: 87.5%/ })).toBeTruthy();

  await userEvent.click(screen.getByRole('button', { name: 'As table' }));
  expect(screen.getByRole('row', { name: /^1 – – – 87.5%/ })).toBeTruthy();
});

test('shows the point an answer speaks of, in words, on the curve and in the table, until it is taken away', async () => {
  // What the charts are drawn by is told here.
  const told = vi.spyOn(Worker.prototype, 'postMessage');
  let forgotten = 0;
  renderPanel({
    point: { key: 'val_accuracy', step: 2 },
    onForgetPoint: () => {
      forgotten += 1;
    },
  });
  await screen.findByTestId('run-status');
  show([metric('val_accuracy', 1, 0.875), metric('val_accuracy', 2, 0.9), progress(2, 5)]);
  expect(screen.getByTestId('run-point').textContent).toBe('validation accuracy at epoch 2: 90.0%');
  const mark = expect.objectContaining({ x: 2, y: 0.9 });
  const drawn = expect.objectContaining({ view: expect.objectContaining({ mark }) });
  // All charts of the page are told together.
  await waitFor(() =>
    expect(told.mock.calls.map(([messages]) => messages)).toContainEqual(expect.arrayContaining([drawn])),
  );
  await userEvent.click(screen.getByRole('button', { name: 'As table' }));
  expect(screen.getByRole('row', { current: true }).textContent).toContain('90.0%');
  await userEvent.click(screen.getByRole('button', { name: 'Remove the mark' }));
  expect(forgotten).toBe(1);
});

test('a point that is not there is said to be missing', async () => {
  renderPanel({ point: { key: 'val_f1', step: 2 } });
  await screen.findByTestId('run-status');
  show([metric('val_accuracy', 1, 0.875), progress(2, 5)]);
  expect(screen.getByTestId('run-point').textContent).toBe('val_f1 at epoch 2 is not on the page yet.');
});

test('tells the state of the connection apart from the state of the run', async () => {
  renderPanel();
  await screen.findByTestId('run-status');
  act(() => watcher.onLink?.('live'));
  expect(screen.getByTestId('link-state').textContent).toBe('Live');
  act(() => watcher.onLink?.('reconnecting'));
  expect(screen.getByTestId('link-state').textContent).toBe('Reconnecting');
  expect(screen.getByTestId('run-status').dataset.status).toBe('running');
});

test('fetches the record again only when told that it changed', async () => {
  renderPanel();
  await screen.findByTestId('run-status');
  expect(fetches).toHaveLength(1);
  record = run({ status: 'completed', endedAt: at(60), valAccuracy: 0.956 });
  act(() => watcher.onRunChanged?.());
  await waitFor(() => expect(screen.getByTestId('run-status').dataset.status).toBe('completed'));
  expect(fetches).toHaveLength(2);
  expect(screen.queryByTestId('link-state')).toBeNull();
});

test('shows the log, error output marked', async () => {
  renderPanel();
  await screen.findByTestId('run-status');
  show([log('start model=resnet18'), log('UserWarning: slow', 'stderr')]);
  await userEvent.click(screen.getByRole('tab', { name: 'Log' }));
  const lines = within(screen.getByTestId('log-lines')).getAllByRole('listitem');
  expect(lines).toHaveLength(2);
  expect(lines[1]?.textContent).toContain('Error output:UserWarning: slow');
});

test('cancels only after asking', async () => {
  renderPanel();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(fetches).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Cancel training' }));
  await waitFor(() => expect(screen.getByTestId('run-status').dataset.status).toBe('cancelling'));
});

test('stops watching when it is left', async () => {
  const { unmount } = renderPanel();
  await screen.findByTestId('run-status');
  unmount();
  expect(stopped).toBe(1);
});
