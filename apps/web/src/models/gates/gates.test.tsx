import { type GateChange, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { registeredModel, versionSummary } from '@/test-models';
import { fakeApi, renderPage } from '@/test-page';
import { Aliases } from '../aliases';
import { Gates } from './gates';

const ACCURACY = { metric: 'val_accuracy', direction: 'max', margin: 0 } as const;

test('says what a champion must show, and sets it with a reason', async () => {
  const calls = fakeApi([[registryRoutes.setGates, () => registeredModel({ gates: [ACCURACY] })]]);
  renderPage(<Gates model={registeredModel({ gates: [{ metric: 'val_loss', direction: 'min', margin: 0.1 }] })} />);
  screen.getByText('val_loss at least 0.1 below the champion’s');
  await userEvent.click(screen.getByRole('button', { name: 'Set' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Another metric' }));
  const metrics = dialog.getAllByRole('combobox', { name: 'Metric' });
  await userEvent.type(metrics[1] as HTMLElement, 'val_loss');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await dialog.findByText(/A metric has one gate/);
  await userEvent.click(dialog.getByRole('button', { name: 'Remove gate 1' }));
  await userEvent.clear(dialog.getByRole('combobox', { name: 'Metric' }));
  await userEvent.type(dialog.getByRole('combobox', { name: 'Metric' }), 'val_accuracy');
  await userEvent.type(dialog.getByLabelText('Why'), 'no worse');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(calls[0]?.body).toMatchObject({ gates: [ACCURACY], reason: 'no worse' });
});

test('keeps who changed the gates, when and why', async () => {
  const change: GateChange = {
    id: 'gch_1',
    by: 'Kim',
    reason: 'no worse',
    before: [],
    after: [ACCURACY],
    at: '2026-01-02T03:04:05.000Z',
  };
  fakeApi([[registryRoutes.gateChanges, () => [change, { ...change, id: 'gch_2', by: null, after: [] }]]]);
  renderPage(<Gates model={registeredModel()} />);
  screen.getByText('None: any version can become the @champion.');
  await userEvent.click(screen.getByRole('button', { name: 'History' }));
  await screen.findByText('val_accuracy at least the champion’s');
  screen.getByText(/Kim · Jan 2, 2026.* · no worse/);
  screen.getByText('No gates');
});

const REFUSED = { metric: 'val_accuracy', version: '1.1.0', value: '0.91', champion: '1.0.0', championValue: '0.95' };

test.each([
  [
    'model.gate_failed',
    { needed: '≥ 0.95', dataset: 'digits v1 aaa', championDataset: 'digits v1 aaa' },
    ['1.1.00.91digits v1 aaa', '@champion 1.0.00.95digits v1 aaa', 'Needed≥ 0.95'],
  ],
  [
    'model.gate_dataset_differs',
    { dataset: 'digits v1 bbb', championDataset: 'digits v1 aaa' },
    ['1.1.00.91digits v1 bbb', '@champion 1.0.00.95digits v1 aaa'],
  ],
  [
    'model.gate_dataset_unknown',
    { dataset: '–', championDataset: 'digits v?', unknown: 'in English' },
    ['1.1.00.91Dataset not known', '@champion 1.0.00.95digits v?'],
  ],
])('shows both figures when a gate refuses a promotion (%s)', async (code, more, expected) => {
  const versions = ['1.1.0', '1.0.0'].map((version) => versionSummary({ version }));
  const model: RegisteredModel = registeredModel({ versions, aliases: { champion: '1.0.0' }, gates: [ACCURACY] });
  const message = { en: 'Not promoted.', ko: '승격하지 않았습니다.' };
  const error = { code, message, params: { ...REFUSED, ...more }, traceId: 'trace1' };
  fakeApi([
    [registryRoutes.aliasChanges, () => []],
    [registryRoutes.promote, () => Response.json({ error }, { status: 409 })],
  ]);
  renderPage(<Aliases model={model} version="1.1.0" />);
  await userEvent.click(screen.getByRole('button', { name: 'Promote 1.1.0' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Promote' }));
  const table = within(await screen.findByRole('table', { name: 'val_accuracy' }));
  const rows = table.getAllByRole('row').map(({ textContent }) => textContent);
  expect(rows).toEqual(expected);
  screen.getByText('Not promoted.');
});
