import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@mallo/client';
import { conversationRoutes, datasetRoutes, type Message, projectRoutes } from '@mallo/contracts';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './system/browser.ts';
import { type RunningMallo } from './system/mallo.ts';
import { MessagesApi } from './system/messages-api.ts';
import { Visit } from './system/visit.ts';
import { word } from './system/words.ts';

// A Mallo with a language model. Each test goes on where the one before it ended.

const KEY = 'sk-ant-only-for-this-test';

let llm: MessagesApi;
let visit: Visit;
let mallo: RunningMallo;
let page: Page;
let client: Client;

beforeAll(async () => {
  llm = await MessagesApi.start();
  const settings = {
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: llm.url,
    MALLO_LLM_USD_PER_MILLION_TOKENS: '1,5',
  };
  visit = await Visit.begin({}, settings);
  ({ mallo, page } = visit);
  client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  const params = { projectId: project?.id ?? '' };
  await client.call(datasetRoutes.createSample, { params, body: { kind: 'digits' } });
});

afterAll(async () => {
  await visit?.[Symbol.asyncDispose]();
  llm?.close();
});

const prompt = (): Locator => page.getByRole('textbox', { name: word('chat.prompt.label') });
const engine = (): Locator => page.getByTestId('engine').last();

async function say(text: string): Promise<void> {
  await prompt().fill(text);
  await prompt().press('Enter');
}

async function lastMessage(): Promise<Message | undefined> {
  const [project] = await client.call(projectRoutes.list);
  const [latest] = await client.call(conversationRoutes.list, { params: { projectId: project?.id ?? '' } });
  const params = { conversationId: latest?.id ?? '' };
  return (await client.call(conversationRoutes.get, { params })).messages.at(-1);
}

const violations = () => violationsOf(page);

test('while the provider is overloaded the grammar answers, and the page says so', async () => {
  llm.turns.push({ status: 529 });
  await say('digits를 resnet18로 3 에폭 학습');
  await page.getByTestId('config-card').getByText('resnet18').first().waitFor();
  await engine().getByText(word('chat.engine.rules')).last().waitFor();
  const note = (await lastMessage())?.parts.find((part) => part.type === 'engine')?.note;
  expect(note?.code).toBe('provider_error');
  await engine()
    .getByText(note?.ko ?? '')
    .waitFor();
  expect(await violations()).toEqual([]);
});

test('what the model reads is shown with its tokens and cost, and only what the words say is taken', async () => {
  const cards = page.getByTestId('config-card');
  const before = await cards.count();
  const fields = [
    { path: 'hyperparameters.epochs', value: 20, quote: '스무 번쯤' },
    { path: 'modelName', value: 'resnet999', quote: 'resnet999' },
  ];
  llm.turns.push({ form: { kind: 'training', fields } });
  await say('아까 그거, 대신 한 스무 번쯤 훑어줘');
  await cards.nth(before).waitFor();
  const card = cards.nth(before);
  expect(await card.getByRole('textbox', { name: word('config.fields.epochs') }).inputValue()).toBe('20');
  await card.getByText('resnet18').first().waitFor();
  await engine().getByText(/120/).waitFor();
  const part = (await lastMessage())?.parts.find((found) => found.type === 'engine');
  expect(part).toMatchObject({ engine: 'llm', usage: { inputTokens: 120, outputTokens: 30, costUsd: 0.00027 } });
});

test('an answer is written from facts, each figure linked, and what the facts do not hold is left out', async () => {
  llm.turns.push(
    { form: { kind: 'command', command: 'explain', topic: 'concept', fields: [] } },
    {
      sentences: (facts) => [
        ...facts.slice(0, 1).map(({ id, text }) => `${text} [${id}]`),
        `그 값은 98765입니다. [${facts[0]?.id}]`,
      ],
    },
  );
  await say('러닝레이트가 뭐야?');
  await engine().getByText(/240/).waitFor();
  const said = await lastMessage();
  const sentences = said?.parts.flatMap((part) => (part.type === 'answer' ? part.sentences : [])) ?? [];
  expect(sentences.some(({ links }) => links.some(({ source }) => source.kind === 'page'))).toBe(true);
  expect(said?.text).not.toContain('98765');
  expect(said?.parts).toContainEqual(expect.objectContaining({ type: 'engine', engine: 'llm', note: null }));
  expect(await page.getByText('98765').count()).toBe(0);
  await page
    .getByText(sentences[0]?.text.slice(0, 12) ?? '')
    .last()
    .waitFor();
  expect(await violations()).toEqual([]);
});

test('the settings say which engine answers and what it used today', async () => {
  await page
    .getByRole('link', { name: word('shell.settings') })
    .first()
    .click();
  const section = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: word('settings.understanding.title') }) });
  await section.getByText(word('settings.understanding.engines.llm.name')).first().waitFor();
  await section.getByText(/450/).first().waitFor();
  expect(await violations()).toEqual([]);
});

test('the key went to the provider alone', async () => {
  expect(llm.asked.length).toBeGreaterThanOrEqual(4);
  for (const { key, body } of llm.asked) {
    expect(key).toBe(KEY);
    expect(body).not.toContain(KEY);
  }
  const logs = join(mallo.home, 'logs');
  for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), 'utf8'), name).not.toContain(KEY);
  expect(await page.content()).not.toContain(KEY);
});
