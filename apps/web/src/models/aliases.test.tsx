import { type AliasChange, type AliasState, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { registeredModel, versionSummary } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { Aliases } from './aliases';

const AT = '2026-01-02T03:04:05.000Z';

function modelWith(aliases: AliasState): RegisteredModel {
  return registeredModel({ aliases, versions: ['1.1.0', '1.0.0'].map((version) => versionSummary({ version })) });
}

function changeTo(after: AliasState, change: Partial<AliasChange> = {}): AliasChange {
  return { id: 'chg_1', action: 'promote', by: 'Kim', reason: '', before: {}, after, at: AT, ...change };
}

const renderAliases = (aliases: AliasState, version = '1.1.0') =>
  renderPage(<Aliases model={modelWith(aliases)} version={version} />);
const history = (...changes: AliasChange[]) =>
  [registryRoutes.aliasChanges, () => changes] as [typeof registryRoutes.aliasChanges, () => AliasChange[]];

test('promotes the version that is looked at, with the reason given', async () => {
  const calls = fakeApi([history(), [registryRoutes.promote, () => modelWith({ champion: '1.1.0' })]]);
  renderAliases({ champion: '1.0.0', candidate: '1.1.0' });
  await userEvent.click(screen.getByRole('button', { name: 'Promote 1.1.0' }));
  const dialog = within(screen.getByRole('dialog', { name: /Promote 1.1.0 to @champion/ }));
  dialog.getByText(/1.0.0, becomes @rollback/);
  await userEvent.type(dialog.getByLabelText('Why'), 'passed on site');
  await userEvent.click(dialog.getByRole('button', { name: 'Promote' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  const sent = calls.find(({ url }) => url.pathname.endsWith('/promote'));
  expect(sent?.body).toMatchObject({ version: '1.1.0', alias: 'champion', reason: 'passed on site' });
});

test('sends the same key again when it is pressed again after an error', async () => {
  let tries = 0;
  const answer = () => {
    tries += 1;
    return tries === 1 ? new Refusal(503, 'server.unavailable') : modelWith({ champion: '1.1.0' });
  };
  const calls = fakeApi([history(), [registryRoutes.promote, answer]]);
  renderAliases({});
  await userEvent.click(screen.getByRole('button', { name: 'Promote 1.1.0' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Promote' }));
  await dialog.findByRole('alert');
  await userEvent.click(dialog.getByRole('button', { name: 'Promote' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  const keys = calls.flatMap(({ url, body }) =>
    url.pathname.endsWith('/promote') ? (body as { key: string }).key : [],
  );
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('rolls back only where there is something to return to, and from the champion that was seen', async () => {
  const calls = fakeApi([history(), [registryRoutes.rollback, () => modelWith({ champion: '1.0.0' })]]);
  const { unmount } = renderAliases({ champion: '1.0.0' });
  expect(screen.queryByRole('button', { name: 'Roll back' })).toBeNull();
  unmount();
  renderAliases({ champion: '1.1.0', rollback: '1.0.0' });
  expect(screen.queryByRole('button', { name: /Promote/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Roll back' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Roll back' }));
  await expect
    .poll(() => calls.find(({ url }) => url.pathname.endsWith('/rollback'))?.body)
    .toMatchObject({
      from: '1.1.0',
    });
});

test('rolls back to a deprecated version only after saying why', async () => {
  const calls = fakeApi([history(), [registryRoutes.rollback, () => modelWith({ champion: '1.0.0' })]]);
  const versions = [
    versionSummary({ version: '1.1.0' }),
    versionSummary({ version: '1.0.0', deprecation: 'wrong on CT' }),
  ];
  const model = registeredModel({ aliases: { champion: '1.1.0', rollback: '1.0.0' }, versions });
  renderPage(<Aliases model={model} version="1.0.0" />);
  expect(screen.queryByRole('button', { name: /Promote/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Roll back' }));
  const dialog = within(screen.getByRole('dialog'));
  dialog.getByText('1.0.0 is deprecated: wrong on CT');
  await userEvent.click(dialog.getByRole('button', { name: 'Roll back' }));
  expect(calls.some(({ url }) => url.pathname.endsWith('/rollback'))).toBe(false);
  await userEvent.type(dialog.getByLabelText('Why'), '1.1.0 does not answer');
  await userEvent.click(dialog.getByRole('button', { name: 'Roll back' }));
  await expect
    .poll(() => calls.find(({ url }) => url.pathname.endsWith('/rollback'))?.body)
    .toMatchObject({ allowDeprecated: true, reason: '1.1.0 does not answer' });
});

test('shows who moved what and why, and returns to a state that is not the one of now', async () => {
  const before = changeTo({ champion: '1.0.0' }, { id: 'chg_0', reason: 'first of all' });
  const now = changeTo({ champion: '1.1.0', rollback: '1.0.0' }, { before: { champion: '1.0.0' }, by: null });
  const calls = fakeApi([
    history(now, before),
    [registryRoutes.restoreAliases, () => modelWith({ champion: '1.0.0' })],
  ]);
  renderAliases({ champion: '1.1.0', rollback: '1.0.0' });
  const list = await screen.findByRole('list', { name: 'History' });
  const items = await within(list).findAllByText(/Promoted/);
  expect(items).toHaveLength(2);
  expect(list.textContent).toContain('@champion: 1.0.0 → 1.1.0');
  expect(list.textContent).toContain('@rollback: nothing → 1.0.0');
  expect(list.textContent).toMatch(/a training.*Kim.*first of all/);
  await userEvent.click(within(list).getByRole('button', { name: 'Return to this' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Return to this' }));
  await expect.poll(() => calls.some(({ url }) => url.pathname.endsWith('/chg_0/restore'))).toBe(true);
});
