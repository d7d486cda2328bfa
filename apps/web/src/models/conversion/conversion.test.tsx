import { conversionRoutes, type Conversion as State } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { modelVersion } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { Conversion, canBeConverted } from './conversion';

const WEIGHTS = { name: 'model.pth', sizeBytes: 1, sha256: 'aaa', kind: 'pytorch' as const };
const VERSION = modelVersion({ artifacts: [WEIGHTS], inputShape: [1, 3, 224, 224] });
const IDLE: State = {
  state: 'idle',
  step: 0,
  steps: 0,
  error: null,
  made: null,
  wouldRun: [],
  missing: [],
  unexpected: [],
};

test('is for weights without an ONNX file beside them', () => {
  expect(canBeConverted(VERSION)).toBe(true);
  expect(canBeConverted(modelVersion({ artifacts: [WEIGHTS, { ...WEIGHTS, name: 'a.onnx', kind: 'onnx' }] }))).toBe(
    false,
  );
  expect(canBeConverted(modelVersion({ artifacts: [{ ...WEIGHTS, kind: 'torchscript' }] }))).toBe(false);
});

test('converts, says how far it is, and leads to the version that came of it', async () => {
  let state = IDLE;
  const calls = fakeApi([
    [conversionRoutes.state, () => state],
    [
      conversionRoutes.start,
      () => {
        state = { ...IDLE, state: 'running', step: 1, steps: 3 };
        return state;
      },
    ],
  ]);
  renderPage(<Conversion version={VERSION} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Convert' }));
  await expect.poll(() => screen.queryByRole('progressbar')?.getAttribute('aria-valuenow')).toBe('1');
  expect(calls.find(({ body }) => body)?.body).toEqual({
    architecture: 'resnet18',
    inputShape: [1, 3, 224, 224],
    runCode: false,
  });
  state = { ...IDLE, state: 'completed', made: { modelId: 'mdl_1', name: 'pets', version: '1.0.1' } };
  const link = await screen.findByRole('link', { name: '1.0.1' });
  expect(link.getAttribute('href')).toBe('/models/mdl_1?version=1.0.1');
});

test('can be cancelled, says so until nothing runs any more, and can be begun again', async () => {
  let state: State = { ...IDLE, state: 'running', step: 0, steps: 2 };
  fakeApi([
    [conversionRoutes.state, () => state],
    [
      conversionRoutes.cancel,
      () => {
        state = { ...state, state: 'cancelling' };
        return state;
      },
    ],
  ]);
  renderPage(<Conversion version={VERSION} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await screen.findByText('Cancelling…');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  state = { ...state, state: 'cancelled' };
  await screen.findByText(/was cancelled/, {}, { timeout: 5000 });
  screen.getByRole('button', { name: 'Try again' });
});

test('names what a dangerous file would have run, and lets another try be made', async () => {
  const message = { en: 'It would run code, so it was not opened.', ko: '열지 않았습니다.' };
  const error = { code: 'model.weights_unsafe' as const, message, params: {} };
  fakeApi([
    [conversionRoutes.state, () => ({ ...IDLE, state: 'failed', error, wouldRun: ["os.system('id')", 'eval(...)'] })],
  ]);
  renderPage(<Conversion version={VERSION} />);
  const alert = within(await screen.findByRole('alert'));
  alert.getByText('It would run code, so it was not opened.');
  alert.getByText('What opening it would have run:');
  alert.getByText("os.system('id')");
  screen.getByRole('button', { name: 'Try again' });
});

test('runs code of a version only after somebody said so', async () => {
  const calls = fakeApi([
    [conversionRoutes.state, () => IDLE],
    [conversionRoutes.start, () => new Refusal(409, 'model.code_not_allowed')],
  ]);
  renderPage(<Conversion version={VERSION} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Convert' }));
  await screen.findByRole('alert');
  await userEvent.click(screen.getByRole('checkbox', { name: /I trust it/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Convert' }));
  const runs = () => calls.flatMap(({ body }) => (body ? (body as { runCode: boolean }).runCode : []));
  await expect.poll(runs).toEqual([false, true]);
});

test('says beside the field that an input shape is none', async () => {
  const calls = fakeApi([[conversionRoutes.state, () => IDLE]]);
  renderPage(<Conversion version={VERSION} />);
  const shape = await screen.findByLabelText('Input shape');
  await userEvent.clear(shape);
  await userEvent.type(shape, '1, three');
  await userEvent.click(screen.getByRole('button', { name: 'Convert' }));
  await screen.findByText('Write whole numbers with commas between them.');
  expect(calls.some(({ body }) => body)).toBe(false);
});
