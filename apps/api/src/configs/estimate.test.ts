import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { MachineService } from '../compute/machine.service.js';
import { CardApi } from '../testing/cards.js';

let cards: CardApi;

beforeAll(async () => {
  cards = await CardApi.start();
});

afterEach(() => cards.api.database.run.deleteMany());

afterAll(() => cards?.close());

test('an estimate begins with what the machine does a second, and what the model holds', async () => {
  const { estimate } = await cards.newCard({}, 'resnet26');
  expect(estimate).toMatchObject({ basis: 'machine_speed', memory: { device: 'cpu', basis: 'model' } });
  expect(estimate?.cost?.amount).toBeCloseTo((estimate?.seconds ?? 0) / 1000, 6);
  expect(estimate?.memory?.neededBytes).toBeGreaterThan(1e9);
});

test('while the machine is being measured, memory is told and time is not', async () => {
  const measuring = vi.spyOn(cards.api.app.get(MachineService), 'throughput').mockReturnValue(null);
  const { estimate } = await cards.newCard({}, 'resnet26');
  measuring.mockRestore();
  expect(estimate).toMatchObject({
    seconds: null,
    basis: 'none',
    cost: null,
    memory: { device: 'cpu', basis: 'model' },
  });
});

test('it learns from past trainings of the model, in time and memory', async () => {
  const before = await cards.newCard({ epochs: 10 }, 'resnet50d');
  const seconds = before.estimate?.seconds ?? 0;
  const memory = before.estimate?.memory;
  const peakMemoryBytes = 2 * (memory?.neededBytes ?? 0);
  await cards.complete(before, { durationSeconds: 3 * (seconds - 20), peakMemoryBytes });
  const { estimate } = await cards.newCard({ epochs: 20 }, 'resnet50d');
  expect(estimate?.basis).toBe('past_runs');
  expect(estimate?.seconds).toBeCloseTo(6 * (seconds - 20) + 20, 3);
  expect(estimate?.memory).toMatchObject({ basis: 'past_runs', neededBytes: peakMemoryBytes });
});

test('for larger images it lets only the computing grow, and knows from other models what an image takes beside', async () => {
  const [small, other] = [await cards.newCard({ imageSize: 32 }), await cards.newCard({ imageSize: 32 }, 'resnet34')];
  const computing = (small.estimate?.seconds ?? 0) - 20;
  const beside = 30;
  await cards.complete(small, { durationSeconds: computing + beside });
  const large = await cards.newCard({ imageSize: 64 });
  expect(large.estimate).toMatchObject({
    basis: 'past_runs',
    seconds: expect.closeTo(4 * computing + beside + 20, 3),
  });
  const again = await cards.newCard({ imageSize: 32 }, 'resnet34');
  expect(again.estimate?.basis).toBe('machine_speed');
  expect(again.estimate?.seconds).toBeCloseTo((other.estimate?.seconds ?? 0) + beside, 3);
});

test('it goes by the past trainings whose images are nearest in size', async () => {
  for (const [imageSize, durationSeconds] of [
    [32, 100],
    [96, 100],
    [128, 400],
  ] as const) {
    await cards.complete(await cards.newCard({ imageSize }), { durationSeconds });
  }
  const { estimate } = await cards.newCard({ imageSize: 128 });
  expect(estimate).toMatchObject({ basis: 'past_runs', seconds: expect.closeTo(420, 3) });
});

test('it takes a machine that was busy when it was measured for as fast as it proved to be', async () => {
  const [first, other] = [await cards.newCard(), await cards.newCard({}, 'resnet34')];
  await cards.complete(first, { durationSeconds: ((first.estimate?.seconds ?? 0) - 20) / 4 });
  const again = await cards.newCard({}, 'resnet34');
  expect(again.estimate?.seconds).toBeCloseTo(((other.estimate?.seconds ?? 0) - 20) / 4 + 20, 3);
});

test('it says by how much those of past trainings were off, of the epochs that were trained', async () => {
  expect((await cards.newCard()).estimate?.pastError).toBeNull();
  const three = [
    await cards.newCard({ epochs: 10 }),
    await cards.newCard({ epochs: 10 }),
    await cards.newCard({ epochs: 10 }),
  ];
  const [first, second, third] = three.map((card) => ({ card, seconds: card.estimate?.seconds ?? 0 }));
  if (!first || !second || !third) throw new Error('three cards were made');
  // As estimated; half of it; and as estimated, but ended early.
  await cards.complete(first.card, { durationSeconds: first.seconds - 20 });
  await cards.complete(second.card, { durationSeconds: second.seconds / 2 - 20 });
  await cards.complete(third.card, { durationSeconds: (third.seconds - 20) / 2, epochsDone: 5 });
  const past = (await cards.newCard()).estimate?.pastError;
  expect(past?.runs).toBe(3);
  expect(past?.median).toBeCloseTo(0, 6);
});
