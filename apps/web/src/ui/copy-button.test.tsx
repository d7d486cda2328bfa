import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { toast } from 'sonner';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage } from '@/test-page';
import { CopyButton } from './copy-button';

afterEach(() => toast.dismiss());

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
  renderPage(<CopyButton text="0a1b" label="Copy the SHA-256" />);
  await user.click(screen.getByRole('button', { name: 'Copy the SHA-256' }));
  // Where they are shown they go away later, which may be after the test.
  await vi.waitFor(() =>
    expect(toast.getToasts()).toEqual([
      expect.objectContaining({ title: expect.stringMatching(/does not let this page copy/) }),
    ]),
  );
  expect(screen.queryByRole('button', { name: 'Copied' })).toBeNull();
});
