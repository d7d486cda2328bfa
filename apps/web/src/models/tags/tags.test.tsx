import { registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { modelVersion, registeredModel } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { Tags } from './tags';

function renderTags(answer?: Refusal) {
  const calls = fakeApi([
    [registryRoutes.tag, () => answer ?? registeredModel()],
    [registryRoutes.tagVersion, () => answer ?? modelVersion()],
  ]);
  renderPage(<Tags model={registeredModel({ tags: { team: 'vision', checked: '' } })} version={modelVersion()} />);
  return calls;
}
const field = (index: number) => screen.getAllByRole('textbox', { name: 'New tag' })[index] as HTMLInputElement;

test('sets and removes tags of a model and of a version', async () => {
  const calls = renderTags();
  const list = within(screen.getByRole('list', { name: 'Of the model' }));
  expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['team=vision', 'checked']);
  await userEvent.click(list.getByRole('button', { name: 'Remove the tag team' }));
  await userEvent.type(field(1), 'site = Seoul = 2{Enter}');
  await expect.poll(() => calls).toHaveLength(2);
  expect(calls.map(({ body }) => body)).toEqual([{ team: null }, { site: 'Seoul = 2' }]);
  expect(calls[1]?.url.pathname).toContain('/versions/1.0.0/tags');
  await expect.poll(() => field(1).value).toBe('');
});

test('says what is wrong with a tag, and keeps what was typed when it is refused', async () => {
  const calls = renderTags(new Refusal(404, 'model.not_found'));
  await userEvent.type(field(0), '=vision{Enter}');
  await screen.findByText('Write key=value, or only a key.');
  expect(calls).toHaveLength(0);
  await userEvent.clear(field(0));
  await userEvent.type(field(0), 'ok{Enter}');
  await screen.findByRole('alert');
  expect(field(0).value).toBe('ok');
});
