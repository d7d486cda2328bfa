import { registryFileRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { FakeUploads } from '../register/fake-uploads';
import { RegistryMenu } from './registry-menu';

const ZIP = new File(['registry'], 'registry.zip', { type: 'application/zip' });

beforeEach(() => localStorage.clear());

async function choose() {
  renderPage(<RegistryMenu projectId="prj_1" />);
  await userEvent.click(screen.getByRole('button', { name: 'Export or import the registry' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Import a registry' }));
  await userEvent.upload(screen.getByLabelText('Choose the zip', { selector: 'input' }), ZIP);
  return within(screen.getByRole('dialog'));
}

test('takes a registry over that was exported elsewhere, also after its connection was cut', async () => {
  let cuts = 0;
  new FakeUploads().interfere(({ method }) => {
    if (method !== 'PATCH' || cuts > 0) return undefined;
    cuts += 1;
    return 'cut';
  });
  const taken = { models: 2, versions: 6, files: 18, sizeBytes: 1_000_000, idsKept: false };
  const calls = fakeApi([[registryFileRoutes.import, () => taken]]);
  const dialog = await choose();
  await dialog.findByText('2 models with 6 versions and 18 files (1 MB) taken over.');
  dialog.getByText(/new ids/);
  expect(cuts).toBe(1);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.body).toMatchObject({ uploadId: 'upl_1' });
});

test('says why a registry is not taken over, and takes another file', async () => {
  new FakeUploads();
  fakeApi([[registryFileRoutes.import, () => new Refusal(409, 'registry.not_empty')]]);
  const dialog = await choose();
  expect((await dialog.findByRole('alert')).textContent).toContain('has models already');
  dialog.getByRole('button', { name: 'Choose another' });
});
