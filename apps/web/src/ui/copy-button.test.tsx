import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { CopyButton } from './copy-button';
import { Toasts } from './toasts';

test('says that it copied', async () => {
  const user = userEvent.setup();
  renderPage(<CopyButton text="0a1b" label="Copy the SHA-256" />);
  await user.click(screen.getByRole('button', { name: 'Copy the SHA-256' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(await navigator.clipboard.readText()).toBe('0a1b');
});

test.each([
  ['is not there', undefined],
  ['refuses', { writeText: () => Promise.reject(new DOMException('not allowed', 'NotAllowedError')) }],
])('says that it did not copy where the clipboard %s', async (_, clipboard) => {
  const user = userEvent.setup();
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  renderPage(
    <>
      <CopyButton text="0a1b" label="Copy the SHA-256" />
      <Toasts />
    </>,
  );
  await user.click(screen.getByRole('button', { name: 'Copy the SHA-256' }));
  await screen.findByText(/does not let this page copy/);
  expect(screen.queryByRole('button', { name: 'Copied' })).toBeNull();
});
