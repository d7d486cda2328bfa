import { exportRoutes, projectRoutes, type QueryTable } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { PROJECT } from '@/test-project';
import { QueryPage } from './query-page';

vi.mock('next/navigation', () => import('@/test-navigation'));

const TABLE: QueryTable = {
  columns: [
    { name: 'key', type: 'VARCHAR' },
    { name: 'highest', type: 'DOUBLE' },
  ],
  rows: [
    ['loss', 0.5],
    ['odd', null],
  ],
  isCut: false,
};

function show(answer: (signal?: AbortSignal | null) => unknown) {
  const calls = fakeApi([
    [projectRoutes.list, () => [PROJECT]],
    [exportRoutes.query, ({ signal }) => answer(signal)],
  ]);
  renderPage(<QueryPage />);
  return calls;
}

const field = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'SELECT' });

test('shows what a query found', async () => {
  const calls = show(() => TABLE);
  await userEvent.clear(await field());
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Show' }).disabled).toBe(true);
  await userEvent.type(await field(), 'from points{Control>}{Enter}');
  await screen.findByText('2 rows');
  expect(calls.at(-1)?.body).toEqual({ sql: 'from points' });
  expect(screen.getAllByRole('row').map((row) => row.textContent)).toEqual(['keyhighest', 'loss0.5', 'oddNULL']);
});

test('begins with an example of one’s choice', async () => {
  show(() => TABLE);
  await userEvent.click(await screen.findByRole('button', { name: /Errors in any log/ }));
  expect((await field()).value).toContain('FROM logs');
});

test('says what is wrong, and keeps the words', async () => {
  show(() => new Refusal(422, 'query.too_large'));
  await userEvent.click(await screen.findByRole('button', { name: 'Show' }));
  expect((await screen.findByRole('alert')).textContent).toContain('more memory than a query may have');
  expect((await field()).value).toContain('FROM points');
});

test('can be given up, which the service is told', async () => {
  let ended = false;
  show(
    (signal) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          ended = true;
          reject(signal.reason);
        }),
      ),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Show' }));
  await screen.findByRole('progressbar');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await expect.poll(() => ended).toBe(true);
  await expect.poll(() => screen.queryByRole('progressbar')).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});
