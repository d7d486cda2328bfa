import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zooRoutes as routes, type ZooDetails, type ZooListing } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { startParser } from '../testing/parser.js';
import { ZooService } from './zoo.service.js';

let api: TestApi;
let parser: Awaited<ReturnType<typeof startParser>>;
/** Its Python environment has timm and nothing else. */
let trainer: string;
beforeAll(async () => {
  trainer = await mkdtemp(join(tmpdir(), 'mallo-trainer-'));
  await mkdir(join(trainer, '.venv/lib/python3.11/site-packages/timm-1.0.31.dist-info'), { recursive: true });
  parser = await startParser();
  api = await startTestApi({ INTENT_PARSER_URL: parser.url, TRAINER_FOLDER: trainer });
});
afterAll(async () => {
  await api.close();
  await parser.stop();
  await rm(trainer, { recursive: true });
});

type Query = NonNullable<Parameters<typeof api.owner.call<typeof routes.search>>[1]>['query'];
const search = (query: Query) => api.owner.call(routes.search, { query });
const names = (models: ZooListing[]) => models.map((model) => model.name);

describe('a name', () => {
  it('is answered by the models it is a part of, the nearest first, as many as asked for', async () => {
    const { models, total, reading } = await search({ query: 'resnet50', limit: 5 });
    expect(models).toHaveLength(5);
    expect(total).toBeGreaterThan(30);
    expect(reading).toBeNull();
    expect(models[0]).toMatchObject({ key: 'timm/resnet50', source: 'timm', trainable: true, hasPretrained: true });
    expect(models[0]?.paramsM).toBeCloseTo(25.6, 0);
    for (const { name } of models) expect(name).toContain('resnet50');
  });

  it.each([
    ['resnet5O', 'resnet50'],
    ['efficentnet b0', 'efficientnet_b0'],
    ['레즈넷50', 'resnet50'],
    ['모바일넷 v3', 'mobilenetv3_large_100'],
  ])('is found by a typing error or an alias: %s', async (query, name) => {
    expect(names((await search({ query })).models)).toContain(name);
  });
});

describe('prose', () => {
  it('“작고 빠른 분류기” finds small and fast classifiers with weights', async () => {
    const { models, reading } = await search({ query: '작고 빠른 분류기', limit: 10 });
    expect(reading).toEqual({ taskType: 'classification', wishes: ['light', 'fast'] });
    for (const model of models) {
      expect(model.taskType).toBe('classification');
      expect(model.paramsM).toBeLessThan(5);
      expect(model.gflops).toBeLessThan(0.5);
      expect(model.hasPretrained).toBe(true);
      expect(model.name).not.toMatch(/^test_/);
    }
  });

  it('“segmentation under 5M params” finds those, and no model of unknown size', async () => {
    const { models, total, reading } = await search({ query: 'segmentation under 5M params' });
    expect(reading).toEqual({ taskType: 'segmentation', maxParamsM: 5, wishes: [] });
    expect(total).toBeGreaterThan(3);
    for (const model of models) {
      expect(model.taskType).toBe('segmentation');
      expect(model.paramsM).toBeLessThanOrEqual(5);
    }
  });

  it('“가장 정확한 검출 모델” compares what was measured on the same images', async () => {
    const { models } = await search({ query: '가장 정확한 검출 모델', limit: 20 });
    for (const { accuracy } of models) expect(accuracy?.dataset).toMatch(/^COCO/);
  });

  it('gives way to the filters that were chosen', async () => {
    const { models } = await search({ query: '작고 빠른 분류기', taskType: 'detection', limit: 3 });
    for (const model of models) expect(model.taskType).toBe('detection');
  });

  it('that is about no model finds none', async () => {
    expect(await search({ query: '점심 메뉴 추천' })).toEqual({ models: [], total: 0, reading: null });
  });
});

describe('filters', () => {
  it.each([
    [{ source: 'ultralytics' }, (model: ZooListing) => model.source === 'ultralytics'],
    [{ minParamsM: 5, maxParamsM: 6 }, ({ paramsM }: ZooListing) => paramsM !== null && paramsM >= 5 && paramsM <= 6],
    [{ maxGflops: 0.1 }, ({ gflops }: ZooListing) => gflops !== null && gflops <= 0.1],
    [{ inputSize: 384 }, (model: ZooListing) => model.inputSize === 384],
    [{ license: 'mit' }, (model: ZooListing) => model.license === 'mit'],
    [{ pretrained: false }, (model: ZooListing) => !model.hasPretrained],
    [{ trainable: true }, (model: ZooListing) => model.trainable],
    [{ trainable: false }, (model: ZooListing) => !model.trainable],
    [{ family: 'resnet', query: 'resnet' }, (model: ZooListing) => model.family === 'resnet'],
  ] as const)('%j keeps those alone', async (filters, keeps) => {
    const { models, total } = await search({ ...filters, limit: 100 });
    expect(total).toBeGreaterThan(5);
    for (const model of models) expect(keeps(model), model.key).toBe(true);
  });

  it('are counted, each without itself', async () => {
    const query = { query: 'resnet', source: 'timm' as const };
    const facets = await api.owner.call(routes.facets, { query });
    const { total } = await search(query);
    expect(facets.source.find(({ value }) => value === 'timm')).toEqual({ value: 'timm', count: total });
    expect(facets.source.length).toBeGreaterThan(1);
    expect(facets.pretrained.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    expect(facets.paramsM?.min).toBeLessThan(facets.paramsM?.max ?? 0);
    expect(facets.trainable).toEqual([{ value: 'true', count: total }]);
  });
});

describe('order and pages', () => {
  it.each(['params', 'gflops', 'accuracy', 'memory'] as const)(
    'by %s, up and down, unknown ones last',
    async (sort) => {
      const figure = (model: ZooListing) =>
        ({
          params: model.paramsM,
          gflops: model.gflops,
          accuracy: model.accuracy?.value ?? null,
          memory: model.trainingMemoryBytes,
        })[sort];
      for (const descending of [false, true]) {
        const { models, total } = await search({ sort, descending, limit: 100 });
        const known = models.map(figure).filter((value) => value !== null);
        expect(known.length).toBeGreaterThan(10);
        expect(known).toEqual(known.toSorted((a, b) => (descending ? b - a : a - b)));
        const last = await search({ sort, descending, limit: 1, offset: total - 1 });
        expect(last.models.map(figure)).toEqual([null]);
      }
    },
  );

  it('suggests small, widely used models that can be trained here, and those that cannot last', async () => {
    const { models, total } = await search({ sort: 'suggested', limit: 50 });
    for (const { trainable, hasPretrained } of models)
      expect({ trainable, hasPretrained }).toEqual({ trainable: true, hasPretrained: true });
    for (const { paramsM } of models.slice(0, 20)) expect(paramsM).toBeLessThan(30);
    expect(names(models)).toEqual(expect.arrayContaining(['mobilenetv3_large_100', 'resnet18', 'resnet50']));
    const last = await search({ sort: 'suggested', limit: 50, offset: total - 50 });
    for (const { trainable } of last.models) expect(trainable).toBe(false);
  });

  it('gives every model once', async () => {
    const query = { query: 'vit', sort: 'name' as const, limit: 100 };
    const seen: string[] = [];
    const { total } = await search(query);
    for (let offset = 0; offset < total; offset += 100) {
      for (const { key } of (await search({ ...query, offset })).models) seen.push(key);
    }
    expect(new Set(seen).size).toBe(total);
    expect(seen).toHaveLength(total);
  });

  it.each([{ limit: 0 }, { limit: 101 }, { offset: -1 }, { query: 'x'.repeat(201) }, { minParamsM: -1 }])(
    'refuses %j',
    async (query) => {
      await expect(search(query)).rejects.toMatchObject({ code: 'request.invalid' });
    },
  );
});

describe('details', () => {
  it('are told of several, in the order asked for', async () => {
    const models = ['timm/resnet50', 'huggingface/facebook/detr-resnet-50', 'ultralytics/yolo11n'];
    const details = await api.owner.call(routes.details, { query: { models } });
    expect(details.map((model) => model.key)).toEqual(models);
    expect(details[0]).toMatchObject({
      extra: { name: 'timm', installed: true },
      catalogue: { library: 'timm', version: '1.0.31' },
      missing: null,
    });
    expect(details[0]?.trainingMemoryBytes).toBeGreaterThan(3e9);
    expect(details[1]?.missing).toMatchObject({ code: 'model.not_trainable_yet', params: { source: 'huggingface' } });
    expect(details[0]?.alternatives).toEqual([]);
    const { missing, alternatives, paramsM } = details[1] as ZooDetails;
    expect(missing?.params?.instead).toBe(names(alternatives).join(', '));
    expect(alternatives).toHaveLength(3);
    for (const other of alternatives) {
      expect(other.trainable).toBe(true);
      expect(Math.abs(Math.log((other.paramsM ?? 0) / (paramsM ?? 0)))).toBeLessThan(0.5);
    }
  });

  it('of a model that does not exist name the nearest', async () => {
    await expect(api.owner.call(routes.details, { query: { models: ['timm/resnet500'] } })).rejects.toMatchObject({
      code: 'model.unknown',
      params: { name: 'resnet500' },
    });
  });

  it.each([[[]], [['resnet50']], [Array.from({ length: 7 }, (_, at) => `timm/resnet${at}`)]])(
    'refuse to be asked for %j',
    async (models) => {
      await expect(api.owner.call(routes.details, { query: { models } })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    },
  );
});

describe('the service', () => {
  it('finds a model however its name is written, and none that does not exist', () => {
    const zoo = api.app.get(ZooService, { strict: false });
    expect(zoo.find('ResNet-18')?.name).toBe('resnet18');
    expect(zoo.find('resnet18')?.gflops).toBeGreaterThan(1);
    expect(zoo.find('resnet1800')).toBeUndefined();
    expect(zoo.nearest('resnet1800')).toHaveLength(3);
    expect(zoo.nearest('resnet1800')).toContain('resnet18');
  });
});

it('finds names that are like the query while the parser is away', async () => {
  await parser.stop();
  const { models, reading } = await search({ query: 'resnet5O' });
  expect(names(models)).toContain('resnet50');
  expect(reading).toBeNull();
});
