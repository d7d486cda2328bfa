import { createEvent, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { PromptInput } from './prompt-input';

function renderInput(options: { busy?: boolean; taken?: boolean; draft?: string } = {}) {
  const sent: string[] = [];
  renderPage(
    <PromptInput
      draft={options.draft}
      busy={options.busy ?? false}
      onFiles={() => undefined}
      onSend={async (text) => {
        sent.push(text);
        return options.taken ?? true;
      }}
    />,
  );
  return { sent, input: screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' }) };
}

test('sends with Enter and is empty again', async () => {
  const { sent, input } = renderInput();
  await userEvent.type(input, 'train resnet18{Enter}');
  expect(sent).toEqual(['train resnet18']);
  expect(input.value).toBe('');
});

test('begins a new line with Shift+Enter', async () => {
  const { sent, input } = renderInput();
  await userEvent.type(input, 'one{Shift>}{Enter}{/Shift}two');
  expect(sent).toEqual([]);
  expect(input.value).toBe('one\ntwo');
});

test('does not send while a Hangul syllable is being composed', () => {
  const { sent, input } = renderInput();
  fireEvent.change(input, { target: { value: '학습해줘' } });
  const composing = createEvent.keyDown(input, { key: 'Enter', isComposing: true });
  fireEvent(input, composing);
  expect(sent).toEqual([]);
  // Safari has ended the composition by then, and tells only by the key code.
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 });
  expect(sent).toEqual([]);
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(sent).toEqual(['학습해줘']);
});

test('keeps the text when it was not taken', async () => {
  const { input } = renderInput({ taken: false });
  await userEvent.type(input, 'hello{Enter}');
  expect(input.value).toBe('hello');
});

test('sends neither blanks, nor while busy, nor more than can be read', async () => {
  const { sent, input } = renderInput();
  await userEvent.type(input, '   {Enter}');
  fireEvent.change(input, { target: { value: 'a'.repeat(20_001) } });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(sent).toEqual([]);
  expect(screen.getByRole('status').textContent).toBe('20,001 of 20,000 characters');
});

test('begins with a draft, sends nothing of it by itself, and goes on where it ends', async () => {
  const { sent, input } = renderInput({ draft: 'train resnet18' });
  expect(input.value).toBe('train resnet18');
  await userEvent.keyboard(' on digits');
  expect(sent).toEqual([]);
  await userEvent.keyboard('{Enter}');
  expect(sent).toEqual(['train resnet18 on digits']);
});
