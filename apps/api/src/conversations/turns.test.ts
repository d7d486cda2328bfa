import {
  ChatLine,
  type ConfigCard,
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  registryRoutes,
  runRoutes,
} from '@mallo/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RegistryService } from '../registry/registry.service.js';
import { startTestApi, type TestApi } from '../testing/api.js';
import { classFolders } from '../testing/images.js';
import { startParser } from '../testing/parser.js';
import { registration, runResult } from '../testing/rows.js';
import { makeZip } from '../testing/zip.js';

let parser: Awaited<ReturnType<typeof startParser>>;
let api: TestApi;

beforeAll(async () => {
  parser = await startParser();
  api = await startTestApi({ INTENT_PARSER_URL: parser.url });
  const zip = await makeZip(await classFolders({ 치즈: 4, 턱시도: 4, 고등어: 4 }));
  const place = { params: { projectId: api.projectId }, query: { name: 'cats' } };
  await api.owner.upload(datasetRoutes.upload, place, new Blob([new Uint8Array(zip)]));
});

afterAll(async () => {
  await api?.close();
  await parser?.stop();
});

async function conversation() {
  const { id } = await api.owner.call(conversationRoutes.create, { params: { projectId: api.projectId } });
  const params = { conversationId: id };
  const say = async (text: string) => {
    const body = { text, clientId: crypto.randomUUID() };
    const { messages, configs } = await api.owner.call(conversationRoutes.send, { params, body });
    return { text: messages[1]?.text ?? '', parts: messages[1]?.parts ?? [], card: configs[0], id: messages[1]?.id };
  };
  return { params, say };
}

async function start(card: ConfigCard | undefined): Promise<string> {
  const request = { params: { configId: card?.id ?? '' }, body: { hash: card?.hash ?? '' } };
  const { runId } = await api.owner.call(configRoutes.start, request);
  await api.owner.call(runRoutes.cancel, { params: { runId } });
  return runId;
}

async function stream(params: { conversationId: string }, text: string, clientId: string): Promise<ChatLine[]> {
  const lines: ChatLine[] = [];
  const request = { params, body: { text, clientId } };
  await api.owner.lines(conversationRoutes.stream, request, (line) => lines.push(ChatLine.parse(line)));
  return lines;
}

test('a correction changes the open card, and keeps what was set on it by hand', async () => {
  const { say } = await conversation();
  const { card } = await say('resnet18로 cats 학습, 5 에폭');
  const edit = { params: { configId: card?.id ?? '' }, body: { hyperparameters: { batchSize: 4 } } };
  await api.owner.call(configRoutes.edit, edit);
  const corrected = await say('아니 에폭은 7로');
  expect(corrected.card?.config.model.name).toBe('resnet18');
  expect(corrected.card?.config.hyperparameters).toMatchObject({ epochs: 7, batchSize: 4 });
});

test('an open card that is agreed with is shown again, not made twice', async () => {
  const { say } = await conversation();
  const { card } = await say('resnet18로 cats 학습, 5 에폭');
  const again = await say('그걸로 시작해');
  expect(again.card).toBeUndefined();
  expect(again.parts).toContainEqual({ type: 'config', configId: card?.id });
});

test('after a start the conversation begins anew', async () => {
  const { say } = await conversation();
  await start((await say('resnet18로 cats 학습, 77 에폭')).card);
  const { card } = await say('resnet34로 cats 학습');
  expect(card?.config.model.name).toBe('resnet34');
  expect(card?.config.hyperparameters.epochs).not.toBe(77);
});

test('the same as last time takes everything from the last training but what is named', async () => {
  const { say } = await conversation();
  const first = (await say('resnet18로 cats 학습, 77 에폭, 배치 8, 학습률 0.002')).card;
  await start(first);
  const { card } = await (await conversation()).say('지난번이랑 똑같이 하는데 에폭만 9로');
  expect(card?.config.hyperparameters).toEqual({ ...first?.config.hyperparameters, epochs: 9 });
  expect(card?.config.model).toEqual(first?.config.model);
  expect(card?.origin['hyperparameters.batchSize']).toEqual({ kind: 'history' });
});

test('a command in between does not end a question', async () => {
  const { say } = await conversation();
  const asked = await say('cats를 5종류로 분류, 6 에폭');
  expect(asked.parts.some(({ type }) => type === 'questions')).toBe(true);
  await say('데이터셋 목록 보여줘');
  const { card } = await say('3');
  expect(card?.config.hyperparameters.epochs).toBe(6);
});

test('a message can be followed as it is answered, and again answers the same', async () => {
  const { params } = await conversation();
  const clientId = crypto.randomUUID();
  const lines = await stream(params, 'resnet18로 cats 학습', clientId);
  const last = lines.at(-1);
  if (last?.type !== 'done') throw new Error(JSON.stringify(lines));
  const kept = await api.owner.call(conversationRoutes.get, { params });
  expect(last.messages).toEqual(kept.messages);
  expect(last.configs).toEqual(kept.configs);
  expect(await stream(params, 'resnet18로 cats 학습', clientId)).toEqual([last]);
});

test('a question is answered sentence by sentence, as the message that is kept says it', async () => {
  const { params } = await conversation();
  const lines = await stream(params, '러닝레이트가 뭐야?', crypto.randomUUID());
  const sentences = lines.flatMap((line) => (line.type === 'sentence' ? line.sentence : []));
  const { messages } = await api.owner.call(conversationRoutes.get, { params });
  expect(sentences.length).toBeGreaterThan(0);
  expect(messages[1]?.parts[0]).toEqual({ type: 'answer', sentences });
  expect(messages[1]?.text).toBe(sentences.map(({ text }) => text).join(' '));
  expect(sentences.some(({ links }) => links.some(({ source }) => source.kind === 'page'))).toBe(true);
});

test('where a training stands is answered from its record', async () => {
  const { say } = await conversation();
  const runId = await start((await say('resnet18로 cats 학습')).card);
  const { name } = await api.owner.call(runRoutes.get, { params: { runId } });
  const { parts } = await say(`${name} 지금 어떻게 돼 가?`);
  expect(parts).toContainEqual(expect.objectContaining({ type: 'answer' }));
  expect(parts).toContainEqual({ type: 'runs', runs: [expect.objectContaining({ id: runId })] });
});

test('an answer goes on and is kept when its reader goes away', async () => {
  const { params } = await conversation();
  const gone = new AbortController();
  const body = { text: 'resnet18로 cats 학습', clientId: crypto.randomUUID() };
  const answer = await api.owner.download(conversationRoutes.stream, { params, body }, { signal: gone.signal });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  gone.abort();
  await expect.poll(async () => (await api.owner.call(conversationRoutes.get, { params })).messages.length).toBe(2);
});

test('a conversation that is replayed leads to the identical configs', async () => {
  const { params, say } = await conversation();
  const { card } = await say('resnet18로 cats 분류 학습, 5 에폭');
  const edit = { params: { configId: card?.id ?? '' }, body: { hyperparameters: { batchSize: 4 } } };
  await api.owner.call(configRoutes.edit, edit);
  await say('아니 에폭은 7로');
  const { configs } = await api.owner.call(conversationRoutes.replay, { params });
  expect(configs).toHaveLength(2);
  expect(configs[0]?.understoodHash).toBe(card?.hash);
  for (const { replayedHash, understoodHash } of configs) expect(replayedHash).toBe(understoodHash);
});

test('what was said until the start stays with the run, whatever becomes of the conversation', async () => {
  const { params, say } = await conversation();
  const { card } = await say('resnet18로 cats 학습, 5 에폭');
  const edit = { params: { configId: card?.id ?? '' }, body: { hyperparameters: { batchSize: 4 } } };
  const edited = await api.owner.call(configRoutes.edit, edit);
  const runId = await start(edited);
  const row = await api.database.run.findUniqueOrThrow({ where: { id: runId } });
  expect(row.transcript).toMatchObject({
    conversationId: params.conversationId,
    turns: [{ role: 'user', text: 'resnet18로 cats 학습, 5 에폭' }, { role: 'assistant' }],
    configTurn: 0,
    understoodHash: card?.hash,
    startedHash: edited.hash,
    // What suits the new batch follows.
    edits: expect.arrayContaining([`hyperparameters.batchSize: ${card?.config.hyperparameters.batchSize} → 4`]),
  });
});

test('promoting and rolling back are done when they are confirmed, and once', async () => {
  const registry = api.app.get(RegistryService, { strict: false });
  let modelId = '';
  for (let count = 0; count < 2; count += 1) {
    ({ modelId } = await registry.registerRun(await registration(api, 'cats-resnet18')));
  }
  const aliases = async () => (await api.owner.call(registryRoutes.get, { params: { modelId } })).aliases;
  const { params, say } = await conversation();
  const confirm = (messageId = '') => api.owner.call(conversationRoutes.confirm, { params: { ...params, messageId } });

  const first = await say('cats-resnet18 1.0.0을 챔피언으로 올려줘');
  const command = { kind: 'promote', model: modelId, version: '1.0.0', alias: 'champion' };
  expect(first.parts).toContainEqual({ type: 'confirm', command });
  expect(await aliases()).toEqual({ candidate: '1.1.0' });
  await confirm(first.id);
  expect(await aliases()).toEqual({ candidate: '1.1.0', champion: '1.0.0' });

  const second = await say('promote cats-resnet18 1.1.0 to champion');
  expect(second.text).toMatch(/1\.0\.0, becomes @rollback/);
  await Promise.all([confirm(second.id), confirm(second.id)]);
  const back = await say('cats-resnet18 롤백해 줘');
  expect(back.text).toMatch(/1\.1\.0에서 1\.0\.0/);
  await confirm(back.id);
  await confirm(back.id);
  expect(await aliases()).toEqual({ champion: '1.0.0', rollback: '1.1.0' });
  expect((await say('cats-resnet18 롤백해 줘')).text).toMatch(/1\.0\.0에서 1\.1\.0/);
});

test('a gate that refuses a promotion is what the assistant says, in the language of the conversation', async () => {
  const registry = api.app.get(RegistryService, { strict: false });
  let modelId = '';
  for (const accuracy of [0.9, 0.8]) {
    const result = runResult(accuracy);
    ({ modelId } = await registry.registerRun(await registration(api, 'gated-resnet18', { result })));
  }
  const key = crypto.randomUUID();
  await api.owner.call(registryRoutes.promote, { params: { modelId }, body: { version: '1.0.0', key } });
  const gates = [{ metric: 'val_accuracy', direction: 'max' as const }];
  await api.owner.call(registryRoutes.setGates, { params: { modelId }, body: { gates, key } });
  const { params, say } = await conversation();
  for (const [words, refusal] of [
    ['gated-resnet18 1.1.0을 챔피언으로 올려줘', /승격하지 않았습니다\..*val_accuracy 값은 0\.8.*≥ 0\.9/],
    ['promote gated-resnet18 1.1.0 to champion', /Not promoted: val_accuracy of 1\.1\.0 is 0\.8.*≥ 0\.9/],
  ] as const) {
    const { id: messageId = '' } = await say(words);
    const answer = await api.owner.call(conversationRoutes.confirm, { params: { ...params, messageId } });
    expect(answer.messages[0]?.text).toMatch(refusal);
  }
  expect((await api.owner.call(registryRoutes.get, { params: { modelId } })).aliases.champion).toBe('1.0.0');
});

test('a deprecated version is neither promoted nor returned to, and the assistant says why', async () => {
  const registry = api.app.get(RegistryService, { strict: false });
  let modelId = '';
  for (let count = 0; count < 2; count += 1) {
    ({ modelId } = await registry.registerRun(await registration(api, 'old-resnet18')));
  }
  for (const version of ['1.0.0', '1.1.0']) {
    const body = { version, key: crypto.randomUUID() };
    await api.owner.call(registryRoutes.promote, { params: { modelId }, body });
  }
  const { params, say } = await conversation();
  const asked = await say('old-resnet18 롤백해 줘');
  const body = { deprecation: '결절을 놓칩니다' };
  await api.owner.call(registryRoutes.deprecate, { params: { modelId, version: '1.0.0' }, body });
  // It was found out between the question and the confirmation.
  const confirmed = await api.owner.call(conversationRoutes.confirm, {
    params: { ...params, messageId: asked.id ?? '' },
  });
  expect(confirmed.messages[0]?.text).toContain('“결절을 놓칩니다”');
  for (const words of ['old-resnet18 롤백해 줘', 'promote old-resnet18 1.0.0 to champion']) {
    const answer = await say(words);
    expect(answer.text).toContain('“결절을 놓칩니다”');
    expect(answer.parts.some(({ type }) => type === 'confirm')).toBe(false);
  }
  expect((await api.owner.call(registryRoutes.get, { params: { modelId } })).aliases.champion).toBe('1.1.0');
});
