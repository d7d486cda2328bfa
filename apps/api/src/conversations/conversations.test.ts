import { type ConfigCard, configRoutes, conversationRoutes, datasetRoutes, runRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { classFolders } from '../testing/images.js';
import { startParser } from '../testing/parser.js';
import { makeZip } from '../testing/zip.js';

let parser: Awaited<ReturnType<typeof startParser>>;
let api: TestApi;

beforeAll(async () => {
  parser = await startParser();
  api = await startTestApi({ INTENT_PARSER_URL: parser.url });
});

afterAll(async () => {
  await api?.close();
  await parser?.stop();
});

async function newConversation(): Promise<string> {
  return (await api.owner.call(conversationRoutes.create, { params: { projectId: api.projectId } })).id;
}

function send(conversationId: string, text: string, clientId: string = crypto.randomUUID()) {
  return api.owner.call(conversationRoutes.send, { params: { conversationId }, body: { text, clientId } });
}

async function say(text: string) {
  const conversationId = await newConversation();
  return { conversationId, ...(await send(conversationId, text)) };
}

async function cardFor(text: string): Promise<ConfigCard> {
  const { configs } = await say(text);
  if (!configs[0]) throw new Error(`no card for ${text}`);
  return configs[0];
}

describe('without a dataset', () => {
  test('a wish is answered with the ways to get one', async () => {
    const { messages, configs } = await say('ResNet50으로 고양이 3종류 분류');
    expect(configs).toEqual([]);
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant']);
    expect(messages[1]?.text).toMatch(/데이터셋/);
    expect(messages[1]?.parts).toContainEqual({ type: 'actions', actions: ['sample_dataset', 'upload_dataset'] });
  });
});

describe('with a dataset of three classes', () => {
  beforeAll(async () => {
    const zip = await makeZip(await classFolders({ 치즈: 4, 턱시도: 4, 고등어: 4 }));
    const place = { params: { projectId: api.projectId }, query: { name: 'cats' } };
    await api.owner.upload(datasetRoutes.upload, place, new Blob([new Uint8Array(zip)]));
  });

  test('a wish becomes a card with every value and its origin', async () => {
    const { messages, configs } = await say('ResNet50으로 고양이 3종류 분류');
    const [card] = configs;
    expect(card?.config).toMatchObject({ model: { source: 'timm', name: 'resnet50' }, dataset: { name: 'cats' } });
    expect(card?.config.classNames).toEqual(['고등어', '치즈', '턱시도']);
    expect(card?.origin['model.name']).toEqual({ kind: 'message', span: [0, 8] });
    expect(card?.origin['hyperparameters.epochs']).toMatchObject({ kind: 'default' });
    for (const name of Object.keys(card?.config.hyperparameters ?? {})) {
      if (name === 'earlyStoppingPatience') continue;
      expect(card?.origin, name).toHaveProperty([`hyperparameters.${name}`]);
    }
    expect(card?.hash).toMatch(/^[0-9a-f]{64}$/);
    const by = { type: 'engine', engine: 'rules', note: null, usage: null };
    expect(messages[1]?.parts).toEqual([{ type: 'config', configId: card?.id }, by]);
    expect(card?.messageId).toBe(messages[0]?.id);
  });

  test('a message that is sent again is said once', async () => {
    const conversationId = await newConversation();
    const key = crypto.randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => send(conversationId, 'resnet18로 cats 학습', key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.messages))).size).toBe(1);
    expect(await send(conversationId, 'resnet18로 cats 학습', key)).toEqual(answers[0]);
    const { messages, configs } = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
    expect(messages).toHaveLength(2);
    expect(configs).toHaveLength(1);
  });

  test('the same words lead to the identical config', async () => {
    const [one, other] = [await cardFor('resnet18로 cats 학습, 5 에폭'), await cardFor('resnet18로 cats 학습, 5 에폭')];
    expect(other.hash).toBe(one.hash);
    expect(other.config).toEqual(one.config);
    expect((await cardFor('resnet18로 cats 학습, 6 에폭')).hash).not.toBe(one.hash);
  });

  test('the conversation is named after its first message', async () => {
    const { conversationId } = await say('train resnet18\n on cats');
    const { title } = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
    expect(title).toBe('train resnet18 on cats');
  });

  test('a contradiction to the dataset is asked about with both as options', async () => {
    const { messages, configs } = await say('cats를 5종류로 분류');
    expect(configs).toEqual([]);
    const part = messages[1]?.parts.find((found) => found.type === 'questions');
    expect(part?.questions[0]).toMatchObject({ field: 'numClasses' });
    expect(part?.questions[0]?.options.join(' ')).toMatch(/3.*5|5.*3/);
  });

  test('a model of another source is said to be not trainable yet, with nothing half-made', async () => {
    const card = await cardFor('resnet18로 cats 학습');
    const edit = { params: { configId: card.id }, body: { modelName: 'yolov8n' } };
    expect(await codeOf(api.owner.call(configRoutes.edit, edit))).toBe('model.not_trainable_yet');
    expect(await api.owner.call(configRoutes.get, { params: { configId: card.id } })).toEqual(card);
  });

  test('an edited value gets a new hash and says that it was edited', async () => {
    const card = await cardFor('resnet18로 cats 학습');
    const edited = await api.owner.call(configRoutes.edit, {
      params: { configId: card.id },
      body: { modelName: 'ResNet34', hyperparameters: { epochs: 7 } },
    });
    expect(edited.config.model.name).toBe('resnet34');
    expect(edited.config.hyperparameters.epochs).toBe(7);
    expect(edited.origin['hyperparameters.epochs']).toEqual({ kind: 'edited' });
    expect(edited.hash).not.toBe(card.hash);
  });

  test('a started card cannot be edited, and starting it again is the same run', async () => {
    const card = await cardFor('resnet18로 cats 학습');
    const start = { params: { configId: card.id }, body: { hash: card.hash } };
    const [first, second] = await Promise.all([1, 2].map(() => api.owner.call(configRoutes.start, start)));
    expect(second).toEqual(first);
    const edit = { params: { configId: card.id }, body: { hyperparameters: { epochs: 2 } } };
    expect(await codeOf(api.owner.call(configRoutes.edit, edit))).toBe('config.already_started');
    await codeOf(api.owner.call(runRoutes.cancel, { params: { runId: first?.runId ?? '' } }));
  });

  test('a run that waits in line is cancelled at once, and the chat says so once', async () => {
    // One training at a time: the second waits for the first.
    const cards = [await cardFor('resnet18로 cats 학습'), await cardFor('resnet34로 cats 학습')];
    const runIds: string[] = [];
    for (const card of cards) {
      const start = { params: { configId: card.id }, body: { hash: card.hash } };
      runIds.push((await api.owner.call(configRoutes.start, start)).runId);
    }
    const waiting = runIds[1] ?? '';
    const cancelled = await api.owner.call(runRoutes.cancel, { params: { runId: waiting } });
    expect(cancelled.status).toMatch(/cancelled|cancelling/);
    expect(await codeOf(api.owner.call(runRoutes.cancel, { params: { runId: runIds[0] ?? '' } }))).toBe('no error');
    await expect
      .poll(async () => (await api.owner.call(runRoutes.get, { params: { runId: waiting } })).status, {
        timeout: 20_000,
      })
      .toBe('cancelled');
    const conversationId = cards[1]?.conversationId ?? '';
    const { messages } = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
    expect(messages.filter((message) => message.text === '학습을 취소했어요.')).toHaveLength(1);
  });

  test('a training is stopped from the chat only when that is confirmed, and once', async () => {
    const card = await cardFor('resnet18로 cats 학습');
    const start = { params: { configId: card.id }, body: { hash: card.hash } };
    const { runId } = await api.owner.call(configRoutes.start, start);
    const status = async () => (await api.owner.call(runRoutes.get, { params: { runId } })).status;
    const { conversationId, messages } = await say('학습 중지해 줘');
    expect(messages[1]?.parts).toContainEqual({ type: 'confirm', command: { kind: 'stop', run: runId } });
    expect(messages[1]?.text).toMatch(/멈출까요/);
    expect(await status()).toMatch(/queued|running/);

    const confirm = { params: { conversationId, messageId: messages[1]?.id ?? '' } };
    const done = await api.owner.call(conversationRoutes.confirm, confirm);
    expect(await status()).toMatch(/cancelling|cancelled/);
    expect(await api.owner.call(conversationRoutes.confirm, confirm)).toEqual(done);
    const nothing = { params: { conversationId, messageId: messages[0]?.id ?? '' } };
    expect(await codeOf(api.owner.call(conversationRoutes.confirm, nothing))).toBe('request.not_found');
    await expect.poll(status, { timeout: 20_000 }).toBe('cancelled');
  });

  test('an answer without a language of its own is answered in that of the question', async () => {
    const { conversationId } = await say('cats를 5종류로 분류');
    const { messages, configs } = await send(conversationId, '3');
    expect(messages[1]?.text).toMatch(/확인/);
    const card = configs[0];
    const start = { params: { configId: card?.id ?? '' }, body: { hash: card?.hash ?? '' } };
    const { runId } = await api.owner.call(configRoutes.start, start);
    const said = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
    expect(said.messages.at(-1)?.text).toBe('학습을 시작할게요.');
    await codeOf(api.owner.call(runRoutes.cancel, { params: { runId } }));
  });

  test('out of scope and help are answered in the language of the message', async () => {
    expect((await say('what is the weather in Seoul?')).messages[1]?.text).toMatch(/could not read/);
    expect((await say('도움말')).messages[1]?.text).toMatch(/학습/);
  });
});

test('a message that is too long keeps nothing', async () => {
  const conversationId = await newConversation();
  expect(await codeOf(send(conversationId, 'a'.repeat(20_001)))).toBe('conversation.message_too_long');
  const { messages } = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
  expect(messages).toEqual([]);
});

test('without the parser a message is refused whole', async () => {
  const conversationId = await newConversation();
  await parser.stop();
  expect(await codeOf(send(conversationId, 'train resnet18'))).toBe('server.unavailable');
  const { messages } = await api.owner.call(conversationRoutes.get, { params: { conversationId } });
  expect(messages).toEqual([]);
});
