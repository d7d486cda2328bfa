import { conversationRoutes, type ModelVersion, type Transcript } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { MadeBy } from './made-by';

const AT = '2026-01-02T03:04:05.000Z';
const UNDERSTOOD = 'a'.repeat(64);
const STARTED = 'b'.repeat(64);
const TRANSCRIPT: Transcript = {
  conversationId: 'cnv_1',
  turns: [
    { role: 'user', text: 'what can you do?', createdAt: AT },
    { role: 'assistant', text: 'I train models.', createdAt: AT },
    { role: 'user', text: 'digits를 resnet18로 학습', createdAt: AT },
  ],
  configTurn: 2,
  understoodHash: UNDERSTOOD,
  startedHash: STARTED,
  edits: ['hyperparameters.epochs: 30 → 5', 'hyperparameters.pretrained: true → false'],
};

function renderMadeBy(transcript: Transcript | null = TRANSCRIPT) {
  const version = {
    projectId: 'prj_1',
    modelName: 'digits',
    version: '1.0.0',
    datasetVersionSha256: 'd',
    transcript,
  } as ModelVersion;
  renderPage(<MadeBy version={version} />);
}

type Answer = { configId: string; understoodHash: string; replayedHash: string | null }[];
const serve = (configs: Answer) => fakeApi([[conversationRoutes.replay, () => ({ configs })]]);
const replay = () => userEvent.click(screen.getByRole('button', { name: 'Replay' }));

test('shows what was said, and marks the words that became the config', () => {
  renderMadeBy();
  const turns = within(screen.getByRole('list', { name: 'What was said' })).getAllByRole('listitem');
  expect(turns).toHaveLength(3);
  expect(turns.map((turn) => within(turn).queryByText('Became the config') !== null)).toEqual([false, false, true]);
});

test('leads from the words over the changes by hand to the config that was started', () => {
  renderMadeBy();
  const stages = within(screen.getByRole('list', { name: 'From the words to the training' })).getAllByRole('listitem');
  const text = stages.map(({ textContent }) => textContent).join(' ');
  for (const part of ['digits를 resnet18로 학습', UNDERSTOOD, 'Epochs: 30 → 5', 'Pretrained: Yes → No', STARTED])
    expect(text).toContain(part);
});

test('copies the conversation as Markdown', async () => {
  const user = userEvent.setup();
  renderMadeBy();
  await user.click(screen.getByRole('button', { name: 'Copy as Markdown' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(await navigator.clipboard.readText()).toContain('> digits를 resnet18로 학습');
});

test('says of each config whether it comes out the same', async () => {
  serve([
    { configId: 'cfg_1', understoodHash: UNDERSTOOD, replayedHash: UNDERSTOOD },
    { configId: 'cfg_2', understoodHash: 'c'.repeat(64), replayedHash: 'e'.repeat(64) },
    { configId: 'cfg_3', understoodHash: 'f'.repeat(64), replayedHash: null },
  ]);
  renderMadeBy();
  await replay();
  const results = within(await screen.findByRole('list', { name: 'Configs, read anew' })).getAllByRole('listitem');
  expect(results[0]?.textContent).toContain('Config of this model: identical');
  expect(results[1]?.textContent).toContain('Config 2: different');
  expect(results[2]?.textContent).toContain('Config 3: no longer understood');
});

test('a conversation that was deleted is told of calmly, and its words stay', async () => {
  fakeApi([[conversationRoutes.replay, () => new Refusal(404, 'conversation.not_found')]]);
  renderMadeBy();
  await replay();
  await screen.findByText(/^This conversation was deleted/);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Replay' }).disabled).toBe(true);
});

test('a replay that fails says why', async () => {
  fakeApi([[conversationRoutes.replay, () => new Refusal(503, 'server.unavailable')]]);
  renderMadeBy();
  await replay();
  expect(await screen.findByRole('alert')).toBeTruthy();
});

test('a version without a conversation says so', () => {
  renderMadeBy(null);
  expect(screen.getByText(/^This version has no conversation/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
