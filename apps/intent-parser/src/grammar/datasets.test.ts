import type { ParseContext } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';

type Dataset = NonNullable<ParseContext['datasets']>[number];
const of = (name: string, classNames: string[], taskType: Dataset['taskType'] = 'classification'): Dataset => ({
  id: `ds_${name}`,
  name,
  taskType,
  classNames,
});
const pots = of('raku-set', ['saggar', 'salt']);

describe('the only dataset for the task', () => {
  const museum = { datasets: [pots, of('frames', ['gilded'], 'detection')] };

  it('is meant by words of another language that no lexicon has', () => {
    expect(parse('옹기장이 작품 분류 학습', museum)).toMatchObject({
      status: 'complete',
      intent: { dataset: { id: 'ds_raku-set' } },
    });
  });

  it.each(['나비 분류 학습', 'train a classifier for pantographs'])(
    'is not meant by "%s", which would be found',
    (message) => {
      expect(parse(message, museum).questions).toMatchObject([{ field: 'dataset', options: ['raku-set'] }]);
    },
  );

  it('is meant by a slip in its name, of which another one may be meant elsewhere', () => {
    expect(parse('poots classification', { datasets: [of('poots-a', ['x'])] })).toMatchObject({ status: 'complete' });
    expect(parse('celladon classification', { datasets: [of('celadon', ['x']), of('bowls', ['y'])] })).toMatchObject({
      status: 'needs_clarification',
    });
  });
});

describe('a dataset', () => {
  it('is known by what its classes are kinds of', () => {
    const datasets = [of('zoo-2024', ['고라니', '너구리']), of('harvest', ['apple', 'pear'])];
    expect(parse('동물 분류 학습', { datasets }).intent?.dataset?.id).toBe('ds_zoo-2024');
    expect(parse('train a fruit classifier', { datasets }).intent?.dataset?.id).toBe('ds_harvest');
  });

  it('and a network of another task are both asked about', () => {
    const fields = parse('raku-set with faster rcnn', { datasets: [pots] }).questions.map(({ field }) => field);
    expect(fields).toEqual(['dataset', 'modelName']);
  });

  it('of what is normal is meant by what may be wrong with a thing', () => {
    const datasets = [of('crust-check', ['good', 'burnt'], 'anomaly_detection'), of('trays', ['bagel'], 'detection')];
    expect(parse('spot burnt ones', { datasets })).toMatchObject({
      status: 'complete',
      intent: { taskType: 'anomaly_detection' },
    });
  });
});

describe('irregular plurals', () => {
  it.each([
    ['calf', 'cows and calves'],
    ['mouse', 'cows and mice'],
    ['goose', 'cows and geese'],
    ['knife', 'cows and knives'],
    ['leaf', 'cows and leaves'],
    ['person', 'cows and people'],
    ['ox', 'cows and oxen'],
  ])('are of the class %s: "%s"', (name, things) => {
    const farm = { datasets: [of('barn', ['cow', name], 'detection')] };
    expect(parse(`detect ${things}`, farm)).toMatchObject({
      status: 'complete',
      intent: { dataset: { id: 'ds_barn' } },
    });
  });
});

describe('a name like that of a dataset, which none has', () => {
  const project = { datasets: [of('cats', ['a', 'b']), of('gate-cam', ['car'], 'detection')] };

  it.each([
    '고양이 분류 resnet50 학습이요, dataset은 cats-v2로 해주세요',
    'classify cats with resnet18 on dataset cats_new',
    'cats-v2 데이터셋으로 고양이 분류',
    '데이터셋은 cats2로 하고 resnet18 학습',
    'detect cars, dataset gate-cam-b',
    '자동차 탐지, 데이터셋은 gate_2024로',
  ])('is asked about: "%s"', (message) => {
    expect(parse(message, project)).toMatchObject({
      status: 'needs_clarification',
      questions: [expect.objectContaining({ field: 'dataset' })],
    });
  });

  it.each(['train a 2-class cats classifier', '고양이 분류 resnet50, 모델 이름은 cats-v2로'])(
    'is not made of what counts, nor of the name of a model: "%s"',
    (message) => {
      expect(parse(message, project).status).toBe('complete');
    },
  );
});
