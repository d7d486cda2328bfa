import {
  type ConfigCard as Card,
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  projectRoutes,
} from '@mallo/contracts';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useRoute } from '@/api/use-route';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { ConfigCard } from './config-card';

const AT = '2026-01-02T03:04:05.000Z';

function card(change: Partial<Card> = {}): Card {
  return {
    id: 'cfg_1',
    conversationId: 'cnv_1',
    messageId: 'msg_1',
    config: {
      taskType: 'classification',
      model: { source: 'timm', name: 'resnet50' },
      dataset: { id: 'dst_1', versionId: 'dsv_1', name: 'cats' },
      classNames: ['a', 'b', 'c'],
      hyperparameters: {
        epochs: 30,
        batchSize: 32,
        learningRate: 0.001,
        imageSize: 224,
        optimizer: 'adamw',
        scheduler: 'cosine',
        weightDecay: 0.01,
        momentum: 0.9,
        dropout: 0,
        labelSmoothing: 0,
        pretrained: true,
        freezeBackbone: false,
        augmentation: 'light',
        seed: 42,
        earlyStoppingPatience: null,
        precision: 'fp32',
        warmupEpochs: 0,
        validationSplit: 0.2,
      },
      resources: {},
    },
    origin: {
      'model.name': { kind: 'message', span: [0, 8] },
      dataset: { kind: 'dataset' },
      'hyperparameters.epochs': { kind: 'default', reason: 'enough for a small dataset' },
    },
    hash: 'hash-of-30-epochs',
    estimate: { seconds: 125, basis: 'machine_speed', pastError: null, memory: null, cost: null },
    warnings: [],
    canUndo: false,
    runId: null,
    createdAt: AT,
    ...change,
  };
}

/** An api that keeps one card, as the real one does. */
function serve(first: Card) {
  let kept = first;
  const calls = fakeApi([
    [datasetRoutes.list, () => []],
    [projectRoutes.list, () => []],
    [
      conversationRoutes.get,
      () => ({
        id: 'cnv_1',
        projectId: 'prj_1',
        title: '',
        createdAt: AT,
        updatedAt: AT,
        messages: [],
        configs: [kept],
      }),
    ],
    [
      configRoutes.edit,
      ({ body }) => {
        const { hyperparameters } = configRoutes.edit.body.parse(body);
        const epochs = hyperparameters?.epochs ?? 30;
        if (epochs === 13) return new Refusal(400, 'config.invalid');
        kept = {
          ...kept,
          hash: `hash-of-${epochs}-epochs`,
          config: { ...kept.config, hyperparameters: { ...kept.config.hyperparameters, epochs } },
          origin: { ...kept.origin, 'hyperparameters.epochs': { kind: 'edited' } },
          warnings: [],
          canUndo: true,
        };
        return kept;
      },
    ],
    [
      configRoutes.undo,
      ({ body }) => {
        if (configRoutes.undo.body.parse(body).hash !== kept.hash) return new Refusal(409, 'request.conflict');
        kept = first;
        return kept;
      },
    ],
    [
      configRoutes.start,
      () => {
        kept = { ...kept, runId: 'run_1' };
        return { runId: 'run_1' };
      },
    ],
  ]);
  return calls;
}

function Conversation({ onShowRun }: { onShowRun: (runId: string) => void }) {
  const conversation = useRoute(conversationRoutes.get, { params: { conversationId: 'cnv_1' } });
  const [shown] = conversation.data?.configs ?? [];
  return shown ? <ConfigCard card={shown} projectId="prj_1" message="ResNet50 on cats" onShowRun={onShowRun} /> : null;
}

async function renderCard(first = card()) {
  const calls = serve(first);
  const shownRuns: string[] = [];
  renderPage(<Conversation onShowRun={(runId) => shownRuns.push(runId)} />);
  const epochs = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Epochs' });
  return { calls, shownRuns, epochs };
}

const bodies = (calls: { url: URL; body: unknown }[], ending: string) =>
  calls.filter(({ url }) => url.pathname.endsWith(ending)).map(({ body }) => body);

test('quotes the words a value came from', async () => {
  await renderCard();
  expect(screen.getByRole('button', { name: 'From your words: “ResNet50”' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Default: enough for a small dataset' })).toBeTruthy();
});

test('marks the very words in the message when their badge is pressed, and Escape leads back', async () => {
  await renderCard();
  const badge = screen.getByRole('button', { name: 'From your words: “ResNet50”' });
  badge.focus();
  await userEvent.keyboard('{Enter}');
  const details = await screen.findByRole('dialog', { name: 'Where this value comes from' });
  expect(details.querySelector('blockquote')?.textContent).toBe('ResNet50 on cats');
  expect(details.querySelector('mark')?.textContent).toBe('ResNet50');
  expect(details.contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(badge);
});

test('shows an origin while the pointer is on it, and takes the focus from nothing', async () => {
  const { epochs } = await renderCard();
  epochs.focus();
  const badge = screen.getByRole('button', { name: 'Default: enough for a small dataset' });
  await userEvent.hover(badge);
  expect((await screen.findByRole('dialog')).textContent).toContain('enough for a small dataset');
  expect(document.activeElement).toBe(epochs);
  await userEvent.unhover(badge);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a tap opens an origin and another closes it', async () => {
  await renderCard();
  const badge = screen.getByRole('button', { name: 'Default: enough for a small dataset' });
  await userEvent.pointer({ keys: '[TouchA]', target: badge });
  await screen.findByRole('dialog');
  await userEvent.pointer({ keys: '[TouchA]', target: badge });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('leads to where an expert’s choice is written down', async () => {
  const source = 'https://arxiv.org/abs/1711.05101';
  await renderCard(card({ origin: { 'hyperparameters.epochs': { kind: 'default', reason: 'usual', source } } }));
  await userEvent.click(screen.getByRole('button', { name: 'Default: usual' }));
  const link = await screen.findByRole('link', { name: 'Source: arxiv.org' });
  expect(link.getAttribute('href')).toBe(source);
});

test('tells time, memory and cost, and how far off the estimates were', async () => {
  await renderCard(
    card({
      estimate: {
        seconds: 125,
        basis: 'past_runs',
        pastError: { median: 0.12, runs: 5 },
        memory: { neededBytes: 3.1e9, availableBytes: 16e9, device: 'gpu', basis: 'model' },
        cost: { amount: 1.5, currency: 'USD' },
      },
    }),
  );
  const lines = within(screen.getByRole('list', { name: 'Estimate' })).getAllByRole('listitem');
  expect(lines.map(({ textContent }) => textContent)).toEqual([
    'About 2 min 5 sec, from past trainings here The last 5 estimates were off by 12%.',
    'About 3.1 GB of the 16 GB of GPU memory',
    'About $1.50',
  ]);
});

test('shows what the training may use, where that was said', async () => {
  await renderCard(
    card({
      config: { ...card().config, resources: { gpuCount: 2, maxHours: 3 } },
      origin: { 'resources.maxHours': { kind: 'message', span: [12, 16] }, taskType: { kind: 'dataset' } },
    }),
  );
  const labels = screen.getAllByRole('term').map(({ textContent }) => textContent);
  expect(labels).toEqual(expect.arrayContaining(['Task', 'GPUs', 'Time limit']));
  expect(labels).not.toContain('GPU type');
  expect(screen.getByText('3 hr')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'From your words: “cats”' })).toBeTruthy();
});

test('says when the memory will not do', async () => {
  const memory = { neededBytes: 24e9, availableBytes: 16e9, device: 'cpu', basis: 'past_runs' } as const;
  await renderCard(card({ estimate: { seconds: 125, basis: 'machine_speed', pastError: null, memory, cost: null } }));
  expect(screen.getByText('Needs about 24 GB, but memory has only 16 GB')).toBeTruthy();
});

test('offers the change that would help against a warning', async () => {
  const warning = {
    code: 'few_images',
    message: { ko: '적습니다.', en: '12 images a class: expect to overfit.' },
    fix: { label: { ko: '5 에폭으로', en: 'Make it 5 epochs' }, edit: { hyperparameters: { epochs: 5 } } },
  } as const;
  const { calls } = await renderCard(card({ warnings: [warning] }));
  expect(screen.getByText('12 images a class: expect to overfit.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Make it 5 epochs' }));
  await waitFor(() => expect(screen.queryByText('12 images a class: expect to overfit.')).toBeNull());
  expect(bodies(calls, '/configs/cfg_1')).toEqual([{ hyperparameters: { epochs: 5 } }]);
});

test('takes the last change back, of the card as it is by then', async () => {
  const { calls, epochs } = await renderCard();
  const undo = screen.getByRole('button', { name: 'Undo' });
  await userEvent.click(undo);
  expect(bodies(calls, '/undo')).toEqual([]);
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '5{Enter}');
  await waitFor(() => expect(undo.getAttribute('aria-disabled')).toBe('false'));
  await userEvent.click(undo);
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Epochs' }).value).toBe('30'));
  expect(bodies(calls, '/undo')).toEqual([{ hash: 'hash-of-5-epochs' }]);
});

test('undoes with Ctrl+Z on the card, but not in a text', async () => {
  const { calls, epochs } = await renderCard(card({ canUndo: true }));
  fireEvent.keyDown(epochs, { key: 'z', ctrlKey: true });
  fireEvent.keyDown(screen.getByTestId('start-training'), { key: 'z', ctrlKey: true, shiftKey: true });
  expect(bodies(calls, '/undo')).toEqual([]);
  fireEvent.keyDown(screen.getByTestId('start-training'), { key: 'z', ctrlKey: true });
  await waitFor(() => expect(bodies(calls, '/undo')).toHaveLength(1));
});

test('takes an edited value with Enter and shows that it was edited', async () => {
  const { calls, epochs } = await renderCard();
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '5{Enter}');
  await screen.findByRole('button', { name: /^Edited/ });
  expect(bodies(calls, '/configs/cfg_1')).toEqual([{ hyperparameters: { epochs: 5 } }]);
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Epochs' }).value).toBe('5');
});

test('refuses a value outside its limits at once, and does not start with it', async () => {
  const { calls, epochs } = await renderCard();
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '1000000000{Enter}');
  expect(screen.getByRole('alert').textContent).toBe('At most 100,000.');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Start training' }).disabled).toBe(true);
  expect(bodies(calls, '/configs/cfg_1')).toEqual([]);
  await userEvent.type(epochs, '{Escape}');
  expect(epochs.value).toBe('30');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Start training' }).disabled).toBe(false);
});

test('starts with a value put right, without a detour', async () => {
  const { calls, shownRuns, epochs } = await renderCard();
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '0{Enter}');
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '4');
  await userEvent.click(screen.getByTestId('start-training'));
  await waitFor(() => expect(shownRuns).toEqual(['run_1']));
  expect(bodies(calls, '/start')).toEqual([{ hash: 'hash-of-4-epochs' }]);
});

test('starts what was typed a moment before, once', async () => {
  const { calls, shownRuns, epochs } = await renderCard();
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '7');
  await userEvent.dblClick(screen.getByTestId('start-training'));
  await waitFor(() => expect(shownRuns).toEqual(['run_1']));
  expect(bodies(calls, '/start')).toEqual([{ hash: 'hash-of-7-epochs' }]);
  expect(await screen.findByRole('button', { name: 'Show training' })).toBeTruthy();
  expect(screen.queryByTestId('start-training')).toBeNull();
});

test('does not start when the server refuses the value', async () => {
  const { calls, epochs } = await renderCard();
  await userEvent.clear(epochs);
  await userEvent.type(epochs, '13');
  await userEvent.click(screen.getByTestId('start-training'));
  await screen.findByText('Trace id trace1');
  expect(bodies(calls, '/start')).toEqual([]);
});

test('cannot be changed once it was started', async () => {
  const { epochs, shownRuns } = await renderCard(card({ runId: 'run_9' }));
  expect(epochs.disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show training' }));
  expect(shownRuns).toEqual(['run_9']);
});
