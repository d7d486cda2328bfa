import {
  type ConfigCard as Card,
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  projectRoutes,
} from '@mallo/contracts';
import { screen, waitFor } from '@testing-library/react';
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
    estimate: { seconds: 125, basis: 'machine_speed' },
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
        };
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
  expect(screen.getByText('About 2 min 5 sec, from this machine’s speed'.replace('’', "'"))).toBeTruthy();
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
  await userEvent.click(screen.getByRole('button', { name: 'Show training' }));
  expect(shownRuns).toEqual(['run_9']);
});
