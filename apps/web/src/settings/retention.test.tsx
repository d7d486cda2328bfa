import { type Retention, type RetentionPass, type RetentionSettings, retentionRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeApi, renderPage } from '@/test-page';
import { ProjectRetention } from './retention';

const PASS: RetentionPass = { state: 'running', beganMs: 1, endedMs: null, removed: 0, trimmed: 0, freedBytes: 0 };

/** A project that keeps everything, and whose passes go on until they are cancelled. */
function serve(settings: RetentionSettings = { deletedDays: null, detailDays: null }) {
  const retention: Retention = { settings, pass: null };
  return fakeApi([
    [retentionRoutes.get, () => retention],
    [
      retentionRoutes.held,
      () => ({ pointBytes: 3_000_000, logBytes: 2_000, fileBytes: 0, deleted: { runs: 2, bytes: 1_000 } }),
    ],
    [
      retentionRoutes.set,
      ({ body }) => {
        retention.settings = body as RetentionSettings;
        return retention;
      },
    ],
    [
      retentionRoutes.begin,
      () => {
        retention.pass = PASS;
        return retention;
      },
    ],
    [
      retentionRoutes.cancel,
      () => {
        retention.pass = { ...PASS, state: 'cancelled', endedMs: 2, removed: 7, freedBytes: 5_000_000 };
        return retention;
      },
    ],
  ]);
}

const show = () => renderPage(<ProjectRetention projectId="prj_1" name="Pets" />);
const removeNow = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Remove now' });

test('says what is held, and keeps all of it unless told otherwise', async () => {
  serve();
  show();
  await screen.findByText('Points 3 MB · logs 2 KB · files 0 B · 2 deleted runs 1 KB');
  expect((await removeNow()).disabled).toBe(true);
});

test('what is emptied is kept for ever', async () => {
  const calls = serve({ deletedDays: 30, detailDays: 7 });
  show();
  await userEvent.clear(await screen.findByLabelText('Days until a deleted run is removed for good'));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await expect.poll(() => calls.find(({ body }) => body)?.body).toEqual({ deletedDays: null, detailDays: 7 });
});

test('removes only after asking, shows that it goes on, and can be cancelled', async () => {
  const calls = serve({ deletedDays: 30, detailDays: null });
  show();
  await userEvent.click(await removeNow());
  expect(calls.some(({ url }) => url.pathname.endsWith('/pass'))).toBe(false);
  const dialog = screen.getByRole('alertdialog');
  within(dialog).getByText(/^Runs that were deleted 30 days ago or earlier go with their files\. None of it/);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove now' }));
  await screen.findByRole('progressbar', { name: 'Removing what is past its time' });
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await screen.findByText(/7 runs removed, details of 0 runs, 5 MB freed/);
  expect(screen.queryByRole('progressbar')).toBeNull();
});
