import { type ConfigCard, type ConfigEdit, configRoutes } from '@mallo/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { RunsService } from '../experiments/runs.service.js';
import { CardApi } from '../testing/cards.js';
import { codeOf } from '../testing/code-of.js';

let cards: CardApi;

beforeAll(async () => {
  cards = await CardApi.start();
});

afterEach(() => vi.stubEnv('FALLBACK_PATH', ''));

afterAll(() => cards?.close());

function edit(card: ConfigCard, body: ConfigEdit): Promise<ConfigCard> {
  return cards.api.owner.call(configRoutes.edit, { params: { configId: card.id }, body });
}

function undo({ id, hash }: ConfigCard): Promise<ConfigCard> {
  return cards.api.owner.call(configRoutes.undo, { params: { configId: id }, body: { hash } });
}

function start({ id, hash }: ConfigCard): Promise<{ runId: string }> {
  return cards.api.owner.call(configRoutes.start, { params: { configId: id }, body: { hash } });
}

describe('a change by hand', () => {
  test('is taken back with all that came with it, one after the other', async () => {
    const first = await cards.newCard();
    expect(first.canUndo).toBe(false);
    const second = await edit(first, { hyperparameters: { learningRate: 5, batchSize: 16 } });
    const third = await edit(second, { modelName: 'resnet34' });
    expect(second).toMatchObject({ canUndo: true, origin: { 'hyperparameters.batchSize': { kind: 'edited' } } });
    expect(second.warnings.map((warning) => warning.code)).toContain('rate_unusual');
    expect(third.estimate?.seconds).not.toBe(second.estimate?.seconds);
    expect(await undo(third)).toEqual(second);
    expect(await undo(second)).toEqual(first);
    expect(await codeOf(undo(first))).toBe('config.nothing_to_undo');
  });

  test('is taken back once, when two try at once', async () => {
    const card = await edit(await edit(await cards.newCard(), { hyperparameters: { seed: 1 } }), {
      hyperparameters: { seed: 2 },
    });
    const codes = await Promise.all([undo(card), undo(card)].map(codeOf));
    expect(codes.sort()).toEqual(['no error', 'request.conflict']);
    const { config } = await cards.api.owner.call(configRoutes.get, { params: { configId: card.id } });
    expect(config.hyperparameters.seed).toBe(1);
  });

  test('is not taken back from a card that is not the one that was seen', async () => {
    const card = await edit(await cards.newCard(), { hyperparameters: { seed: 1 } });
    await edit(card, { hyperparameters: { seed: 2 } });
    expect(await codeOf(undo(card))).toBe('request.conflict');
  });

  test('is not taken back after the start', async () => {
    const card = await edit(await cards.newCard(), { hyperparameters: { seed: 1 } });
    await cards.complete(card);
    expect(await codeOf(undo(card))).toBe('config.already_started');
    expect(await codeOf(edit(card, { hyperparameters: { seed: 3 } }))).toBe('config.already_started');
  });

  test('that changes nothing leaves nothing to take back', async () => {
    const card = await cards.newCard();
    expect(await edit(card, { hyperparameters: { seed: card.config.hyperparameters.seed } })).toEqual(card);
  });

  test('of the model or the dataset lets the values that nobody named follow, and says so', async () => {
    const card = await cards.newCard({ epochs: 7 });
    expect(card.config.hyperparameters).toMatchObject({ imageSize: 32, learningRate: expect.any(Number) });
    const vit = await edit(card, { modelName: 'vit_tiny_patch16_224' });
    expect(vit.config.hyperparameters).toMatchObject({ imageSize: 224, epochs: 7, weightDecay: 0.05 });
    expect(vit.origin['hyperparameters.imageSize']).toMatchObject({ reason: expect.stringContaining('your change') });
    const few = await cards.upload('few', { cat: 4, dog: 4, owl: 4 });
    const onFew = await edit(vit, { datasetId: few.id });
    expect(onFew.config.classNames).toEqual(['cat', 'dog', 'owl']);
    expect([vit, onFew].map((row) => row.config.hyperparameters.validationSplit)).toEqual([0.2, 0.3]);
    expect(onFew.origin.dataset).toEqual({ kind: 'edited' });
  });

  test('of one value brings nothing else that has changed in the meantime', async () => {
    const card = await cards.newCard();
    vi.stubEnv('FALLBACK_PATH', '/somewhere');
    expect((await edit(card, { hyperparameters: { seed: 5 } })).config.hyperparameters.pretrained).toBe(false);
    expect((await edit(card, { modelName: 'resnet34' })).config.hyperparameters.pretrained).toBe(true);
  });

  test('that somebody made before this was kept is read as before', async () => {
    const card = await cards.newCard();
    await cards.api.database.$executeRaw`UPDATE mallo.training_configs SET surroundings = NULL WHERE id = ${card.id}`;
    const edited = await edit(card, { hyperparameters: { seed: 9 } });
    expect(await undo(edited)).toEqual(card);
  });
});

describe('a conversation replayed', () => {
  test('gives the identical config, also after the card was changed by hand', async () => {
    const { intent, origin } = cards.wish({ epochs: 5 });
    const card = await cards.newCard({ epochs: 5 });
    const same = { understoodHash: card.hash, replayedHash: card.hash };
    expect(await cards.configs.replay(card.id, { intent, origin })).toEqual(same);
    await edit(card, { modelName: 'resnet34', hyperparameters: { epochs: 50 } });
    expect(await cards.configs.replay(card.id, { intent, origin })).toEqual(same);
  });

  test('does not see weights or a dataset that came later', async () => {
    const { intent, origin } = cards.wish();
    const card = await cards.newCard();
    vi.stubEnv('FALLBACK_PATH', '/somewhere');
    await cards.api.database.datasetVersion.update({
      where: { id: cards.pets.version.id },
      data: { medianWidth: 900 },
    });
    try {
      expect((await cards.configs.fromIntent(cards.userId, intent, origin, 'en')).hash).not.toBe(card.hash);
      expect((await cards.configs.replay(card.id, { intent, origin })).replayedHash).toBe(card.hash);
    } finally {
      const { medianWidth } = cards.pets.version;
      await cards.api.database.datasetVersion.update({ where: { id: cards.pets.version.id }, data: { medianWidth } });
    }
  });

  test('tells when the words are understood otherwise, or no longer', async () => {
    const card = await cards.newCard();
    for (const { intent, origin } of [cards.wish({ epochs: 4 }), cards.wish({}, 'resnet34')]) {
      const { replayedHash } = await cards.configs.replay(card.id, { intent, origin });
      expect(replayedHash).toMatch(/^[0-9a-f]{64}$/);
      expect(replayedHash).not.toBe(card.hash);
    }
    expect((await cards.configs.replay(card.id, null)).replayedHash).toBeNull();
    expect((await cards.configs.replay(card.id, { intent: {}, origin: {} })).replayedHash).toBeNull();
  });
});

describe('Start refuses', () => {
  test.each([
    ['a batch larger than the training images', { batchSize: 64 }, 'resnet18', 'config.batch_too_large'],
    ['an image size that the model cannot read', { imageSize: 200 }, 'crossvit_9_240', 'config.image_size_unsupported'],
    ['what needs far more memory than there is', { imageSize: 4096, batchSize: 32 }, 'resnet50', 'config.too_large'],
  ])('%s', async (_, named, model, code) => {
    const card = await cards.newCard(named, model);
    expect(await codeOf(start(card))).toBe(code);
    expect(await cards.api.database.run.count({ where: { configId: card.id } })).toBe(0);
  });
});

test('a change that comes between the look and the start is not lost, and not trained without', async () => {
  const card = await cards.newCard();
  await edit(card, { hyperparameters: { seed: 77 } });
  const { conversationId, config, id: configId, hash: configHash } = card;
  const none = { conversationId, turns: [], configTurn: -1, understoodHash: '', startedHash: '', edits: [] };
  const run = { projectId: cards.api.projectId, conversationId, configId, config, configHash, transcript: none };
  const started = cards.api.app.get(RunsService).create({ ...run, locale: 'en' });
  await expect(started).rejects.toMatchObject({ code: 'request.conflict' });
});

test('warnings are on the card, with the images there are', async () => {
  const card = await cards.newCard();
  const few = card.warnings.find((warning) => warning.code === 'few_images');
  expect(few?.message.ko).toContain('20장');
  expect(await cards.api.owner.call(configRoutes.get, { params: { configId: card.id } })).toEqual(card);
});
