import { registryRoutes, type Notes as Written } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { modelVersion } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { Notes } from './notes';

const notes = (text: string, change: Partial<Written> = {}): Written => ({
  id: 'nts_1',
  text,
  by: 'Kim',
  at: '2026-01-02T03:04:05.000Z',
  ...change,
});

test('shows the notes as they are meant, without the HTML and the pictures in them', () => {
  const text = '# Use\n\n- **only** at night\n\n<script>alert(1)</script> ![x](https://example.com/x.png)';
  renderPage(<Notes version={modelVersion({ notes: notes(text) })} />);
  screen.getByRole('heading', { level: 3, name: 'Use' });
  expect(screen.getByText('only').tagName).toBe('STRONG');
  expect(document.querySelector('script')).toBeNull();
  expect(document.querySelector('img')).toBeNull();
  screen.getByText(/^Kim · Jan 2, 2026/);
});

test('writes notes after looking at them, and says which ones they follow', async () => {
  const calls = fakeApi([[registryRoutes.writeNotes, () => modelVersion()]]);
  renderPage(<Notes version={modelVersion({ notes: notes('old') })} />);
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
  const text = screen.getByRole('textbox', { name: 'Text of the notes' });
  await userEvent.clear(text);
  await userEvent.type(text, '## New');
  await userEvent.click(screen.getByRole('tab', { name: 'Preview' }));
  screen.getByRole('heading', { level: 3, name: 'New' });
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('button', { name: 'Edit' });
  expect(calls[0]?.body).toEqual({ text: '## New', after: 'nts_1' });
});

test('shows what somebody else saved in the meantime, and loses neither', async () => {
  let tries = 0;
  const calls = fakeApi([
    [
      registryRoutes.writeNotes,
      () => {
        tries += 1;
        return tries === 1 ? new Refusal(409, 'request.conflict') : modelVersion();
      },
    ],
    [registryRoutes.notesHistory, () => [notes('theirs', { id: 'nts_2', by: 'Lee' }), notes('old')]],
  ]);
  renderPage(<Notes version={modelVersion({ notes: notes('old') })} />);
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
  await userEvent.type(screen.getByRole('textbox'), ' mine');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const alert = within(await screen.findByRole('alert'));
  alert.getByText('theirs');
  alert.getByText(/Lee has saved other notes/);
  await userEvent.click(alert.getByRole('button', { name: 'I have seen it' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('button', { name: 'Edit' });
  expect(calls.at(-1)?.body).toEqual({ text: 'old mine', after: 'nts_2' });
});

test('returns to an earlier text', async () => {
  fakeApi([[registryRoutes.notesHistory, () => [notes('now'), notes('before', { id: 'nts_0', by: null })]]]);
  renderPage(<Notes version={modelVersion({ notes: notes('now') })} />);
  await userEvent.click(screen.getByRole('button', { name: 'Earlier texts' }));
  const items = await screen.findAllByRole('listitem');
  await userEvent.click(within(items[1] as HTMLElement).getByRole('button', { name: 'Edit from this' }));
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('before');
});
