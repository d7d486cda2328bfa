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

test('sets an alias of one’s own on the version that is looked at', async () => {
  const calls = fakeApi([history(), [registryRoutes.promote, () => modelWith({ edge: '1.1.0' })]]);
  renderAliases({ champion: '1.1.0' });
  await userEvent.click(screen.getByRole('button', { name: 'Set an alias' }));
  const dialog = within(screen.getByRole('dialog', { name: 'Set an alias on 1.1.0' }));
  // With its @, and as macOS writes Hangul: in its parts.
  await userEvent.type(dialog.getByRole('combobox', { name: 'Alias' }), ` @${'현장-1'.normalize('NFD')} `);
  await userEvent.type(dialog.getByLabelText('Why'), 'line one{Enter}');
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  const sent = calls.find(({ url }) => url.pathname.endsWith('/promote'));
  expect(sent?.body).toMatchObject({ version: '1.1.0', alias: '현장-1', reason: 'line one' });
  // Whoever uses the keyboard goes on from where they were.
  await expect.poll(() => document.activeElement?.textContent).toBe('Set an alias');
});

test('another alias that is given after an error is another change', async () => {
  let tries = 0;
  const answer = () => {
    tries += 1;
    return tries < 3 ? new Refusal(503, 'server.unavailable') : modelWith({ field: '1.1.0' });
  };
  const calls = fakeApi([history(), [registryRoutes.promote, answer], [registryRoutes.get, () => modelWith({})]]);
  renderAliases({});
  await userEvent.click(screen.getByRole('button', { name: 'Set an alias' }));
  const dialog = within(screen.getByRole('dialog'));
  const field = dialog.getByRole('combobox', { name: 'Alias' });
  for (const alias of ['edge', 'edge', 'field']) {
    const before = tries;
    await userEvent.clear(field);
    await userEvent.type(field, `${alias}{Enter}`);
    await expect.poll(() => tries).toBe(before + 1);
    if (alias === 'edge') await dialog.findByText(/is not answering/);
  }
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  const keys = calls.flatMap(({ body, url }) =>
    url.pathname.endsWith('/promote') ? (body as { key: string }).key : [],
  );
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test.each([
  ['', 'Give the alias a name.'],
  ['@Champion', /are moved by registering, promoting and rolling back/],
  ['rollback', /are moved by registering, promoting and rolling back/],
  ['production', '“production” is a stage, which follows from the aliases. Choose another name.'],
  ['latest', /An alias has letters, digits/],
  ['v2', /An alias has letters, digits/],
  ['1.0.0', /An alias has letters, digits/],
  ['two words', /An alias has letters, digits/],
  ['../x', /An alias has letters, digits/],
  ['a\u200Bb', /An alias has letters, digits/],
  ['here', '@here points to this version already.'],
])('sends no alias such as %j, and says why beside its field', async (alias, why) => {
  const calls = fakeApi([history()]);
  renderAliases({ here: '1.1.0' });
  await userEvent.click(screen.getByRole('button', { name: 'Set an alias' }));
  const dialog = within(screen.getByRole('dialog'));
  const field = dialog.getByRole('combobox', { name: 'Alias' });
  if (alias) await userEvent.type(field, alias);
  // Nothing is said while it is being written.
  expect(dialog.queryByRole('alert')).toBeNull();
  await userEvent.click(dialog.getByRole('button', { name: 'Set' }));
  expect((await dialog.findByRole('alert')).textContent).toMatch(why);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(calls.some(({ url }) => url.pathname.endsWith('/promote'))).toBe(false);
});

test('moves an alias of one’s own to the version that is looked at, and none that promoting moves', async () => {
  const calls = fakeApi([history(), [registryRoutes.promote, () => modelWith({ edge: '1.1.0' })]]);
  const { unmount } = renderAliases({ champion: '1.0.0', candidate: '1.0.0', edge: '1.0.0', field: '1.1.0' });
  expect(screen.getAllByRole('button', { name: /^Move here/ })).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Move here: @edge' }));
  const dialog = within(screen.getByRole('dialog', { name: 'Move @edge to 1.1.0' }));
  dialog.getByText(/It points to 1.0.0 now/);
  await userEvent.click(dialog.getByRole('button', { name: 'Move here' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  const sent = calls.find(({ url }) => url.pathname.endsWith('/promote'));
  expect(sent?.body).toMatchObject({ version: '1.1.0', alias: 'edge', reason: '' });
  unmount();
  const versions = [versionSummary({ version: '1.1.0', deprecation: 'wrong' }), versionSummary({ version: '1.0.0' })];
  renderPage(<Aliases model={registeredModel({ aliases: { edge: '1.0.0' }, versions })} version="1.1.0" />);
  expect(screen.queryByRole('button', { name: /^Move here|^Set an alias/ })).toBeNull();
});

test('an alias may be named like what every object has', async () => {
  fakeApi([
    history(
      changeTo({ constructor: '1.1.0' } as AliasState),
      changeTo({}, { id: 'chg_2', before: { toString: '1.0.0' } as never }),
    ),
  ]);
  renderAliases({});
  const list = await screen.findByRole('list', { name: 'History' });
  await within(list).findByText('@constructor: nothing → 1.1.0');
  within(list).getByText('@toString: 1.0.0 → nothing');
  await userEvent.click(screen.getByRole('button', { name: 'Set an alias' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByRole('combobox', { name: 'Alias' }), 'constructor');
  dialog.getByText(/Letters, digits/);
});

test('says that an alias which is given points elsewhere before it moves', async () => {
  fakeApi([history()]);
  renderAliases({ edge: '1.0.0' });
  await userEvent.click(screen.getByRole('button', { name: 'Set an alias' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByRole('combobox', { name: 'Alias' }), 'edge');
  dialog.getByText('It points to 1.0.0 now, and moves here.');
});
