import { type DeletedVersion, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Toaster } from 'sonner';
import { expect, test } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { DeletedVersions } from './deleted-versions';

const DELETED: DeletedVersion = {
  modelId: 'mdl_1',
  modelName: 'pets',
  version: '1.1.0',
  deletedAt: '2026-01-02T03:04:05.000Z',
  purgeAt: '2026-02-01T03:04:05.000Z',
  sizeBytes: 2_500_000,
  freedBytes: 2_500_000,
};

/** Versions that are deleted until they are restored or purged. */
function serve(...deleted: DeletedVersion[]) {
  return fakeApi([
    [registryRoutes.storage, () => ({ heldBytes: 10_000_000, freeableBytes: 2_500_000, deleted })],
    [registryRoutes.purge, () => ({ freedBytes: deleted.pop()?.freedBytes ?? 0 })],
    [registryRoutes.restore, () => new Refusal(404, 'model.not_found')],
  ]);
}

test('says what is held and what can be freed, and until when each version can be restored', async () => {
  serve(DELETED);
  renderPage(<DeletedVersions projectId="prj_1" />);
  await screen.findByText('pets 1.1.0');
  screen.getByText('Models hold 10 MB, of which 2.5 MB can be freed');
  screen.getByText(/2.5 MB · freed on Feb 1, 2026/);
});

test('frees a version only after asking', async () => {
  const calls = serve(DELETED);
  renderPage(<DeletedVersions projectId="prj_1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Free now' }));
  expect(calls.some(({ url }) => url.pathname.endsWith('/purge'))).toBe(false);
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Free now' }));
  await expect.poll(() => screen.queryByText('pets 1.1.0')).toBeNull();
});

test('says before and after that what others hold too is not freed', async () => {
  serve({ ...DELETED, freedBytes: 0 });
  renderPage(
    <>
      <DeletedVersions projectId="prj_1" />
      <Toaster />
    </>,
  );
  await screen.findByText(/^2.5 MB, none of it freed: .* can be restored until Feb 1, 2026/);
  await userEvent.click(screen.getByRole('button', { name: 'Free now' }));
  const dialog = within(screen.getByRole('alertdialog'));
  dialog.getByText(/^Frees nothing: .*It cannot be restored/);
  await userEvent.click(dialog.getByRole('button', { name: 'Free now' }));
  await screen.findByText(/^Nothing is freed/);
});

test('says how much of a version is freed where others hold a part of it', async () => {
  serve({ ...DELETED, freedBytes: 500_000 });
  renderPage(<DeletedVersions projectId="prj_1" />);
  await screen.findByText(/^2.5 MB, 500 KB of it freed on Feb 1, 2026/);
  await userEvent.click(screen.getByRole('button', { name: 'Free now' }));
  screen.getByText(/^Frees 500 KB of 2.5 MB within a minute; the rest/);
});

test('says why a version could not be restored', async () => {
  serve(DELETED);
  renderPage(<DeletedVersions projectId="prj_1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/no such model or version/);
});
