import { statSync } from 'node:fs';
import { ModelSource, ZooModel } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { catalogue, libraryOf, lookup, nearest, rankByName, search, trainingMemory } from './index.js';

const LIBRARIES = ModelSource.exclude(['own']).options;
const names = (models: ZooModel[]) => models.map((model) => model.name);

describe('the catalogue', () => {
  it('holds every source, and at least a thousand models of timm', () => {
    const count = (source: string) => catalogue.filter((entry) => entry.source === source).length;
    expect(count('timm')).toBeGreaterThanOrEqual(1000);
    for (const source of ['ultralytics', 'huggingface', 'mmdetection', 'mmsegmentation', 'detectron2', 'custom']) {
      expect(count(source), source).toBeGreaterThan(10);
    }
  });

  it('knows of nearly every model of timm how much memory an image takes', () => {
    const timm = catalogue.filter((entry) => entry.source === 'timm');
    expect(timm.filter((entry) => entry.activationsM === null).length).toBeLessThan(timm.length / 100);
    expect(lookup('resnet18')?.activationsM).toBeCloseTo(5.55, 1);
  });

  it('has no name twice within a source', () => {
    const full = catalogue.map((entry) => `${entry.source}/${entry.name}`);
    expect(new Set(full).size).toBe(full.length);
  });

  it('is small enough to be read at every start', () => {
    const sizes = LIBRARIES.map((source) => statSync(new URL(`${source}.json`, import.meta.url)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(3_000_000);
  });

  it('names the package that each source is made of, in one version', () => {
    for (const source of LIBRARIES) {
      expect(libraryOf(source)).toEqual({
        library: expect.stringMatching(/^[a-z0-9-]+$/),
        version: expect.stringMatching(/^\d+(\.\d+)+$/),
      });
    }
  });

  it('knows a licence of nearly every model, in a few words', () => {
    // Of weights that a library's documentation only names, it tells no licence.
    const models = catalogue.filter(({ architecture }) => architecture === undefined);
    expect(models.filter(({ license }) => license === null).length).toBeLessThan(models.length / 50);
    for (const { license, name } of catalogue) expect(license?.length ?? 0, name).toBeLessThan(40);
  });

  it('states published figures in percent, each with the file that states it', () => {
    const figures = catalogue.flatMap((entry) => entry.published);
    expect(figures.length).toBeGreaterThan(1000);
    for (const { value, source, metric } of figures) {
      expect(value, `${metric} in ${source}`).toBeGreaterThan(1);
      expect(value, `${metric} in ${source}`).toBeLessThan(100);
      expect(source).toMatch(/README|metafile|torchvision/);
    }
    expect(lookup('atss_r50_fpn_1x_coco')?.published).toContainEqual(
      expect.objectContaining({ metric: 'box_ap', value: 39.4, dataset: 'COCO' }),
    );
    expect(lookup('atss_r50_fpn_1x_coco')?.publishedTrainingMemoryGb).toBe(3.7);
  });

  it('has weights on the hub for what timm publishes there, the default first', () => {
    const [first, ...others] = lookup('resnet50')?.pretrained ?? [];
    expect(first).toEqual({ tag: 'a1_in1k', hubId: 'timm/resnet50.a1_in1k', license: 'apache-2.0' });
    expect(others.length).toBeGreaterThan(10);
  });

  it('tells the memory of a training by one formula, and nothing where it cannot', () => {
    const values = { imageSize: 224, batchSize: 32, optimizer: 'adamw', precision: 'fp32' } as const;
    const all = { ...values, pretrained: false, freezeBackbone: false };
    const resnet = lookup('resnet50');
    const bytes = resnet ? trainingMemory(resnet, all, 'gpu') : null;
    // 25.6 M weights four times, 32 images of 22.2 M numbers and a tenth, and what the driver takes.
    expect(bytes).toBeCloseTo(0.5e9 + 4 * 4e6 * 25.557 + 4e6 * (resnet?.activationsM ?? 0) * 32 * 1.1, -3);
    expect(trainingMemory({ paramsM: 5, activationsM: null, inputSize: 224 }, all, 'gpu')).toBeNull();
  });

  it('states plausible figures only', () => {
    for (const entry of catalogue) {
      if (entry.paramsM !== null) expect(entry.paramsM, entry.name).toBeGreaterThan(0);
      if (entry.activationsM !== null) expect(entry.activationsM, entry.name).toBeGreaterThan(0);
      if (entry.inputSize !== null) expect(entry.inputSize, entry.name).toBeGreaterThanOrEqual(32);
    }
  });
});

describe('lookup', () => {
  it.each([
    ['resnet50', 'timm'],
    ['yolov8n-seg', 'ultralytics'],
    ['facebook/detr-resnet-50', 'huggingface'],
    ['faster-rcnn_r50_fpn_1x_coco', 'mmdetection'],
    ['deeplabv3_r50-d8_4xb2-40k_cityscapes-512x1024', 'mmsegmentation'],
    ['COCO-Detection/faster_rcnn_R_50_FPN_3x', 'detectron2'],
  ])('finds %s in %s', (name, source) => expect(lookup(name)).toMatchObject({ name, source }));

  it('does not mind case and separators', () => {
    expect(lookup('ViT-Base-Patch16-224')?.name).toBe('vit_base_patch16_224');
  });

  it('finds nothing for a model that does not exist', () => {
    expect(lookup('resnet57')).toBeUndefined();
    expect(lookup('')).toBeUndefined();
  });

  it('keeps to the source asked for', () => expect(lookup('resnet50', 'ultralytics')).toBeUndefined());
});

describe('search', () => {
  it('puts the exact name first, then the shortest that begin with it', () => {
    expect(names(search('resnet50', 3))[0]).toBe('resnet50');
  });

  it('answers what the contract declares, nothing more', () => {
    for (const model of search('yolo', 5)) expect(() => ZooModel.parse(model)).not.toThrow();
  });

  it.each([
    ['resnet5O', 'resnet50'],
    ['efficentnet b0', 'efficientnet_b0'],
    ['mobilnetv3 large', 'mobilenetv3_large_100'],
    ['yolov8 n', 'yolov8n'],
  ])('finds %s in spite of its typing: %s', (query, wanted) => expect(names(search(query, 5))).toContain(wanted));

  it('keeps to the filters', () => {
    const small = search('', 50, { taskType: 'segmentation', maxParamsM: 5 });
    expect(small.length).toBeGreaterThan(3);
    for (const model of small) {
      expect(lookup(model.name, model.source)?.taskType).toBe('segmentation');
      expect(model.paramsM).toBeLessThanOrEqual(5);
    }
  });

  it('finds nothing for a word that is like no name', () => expect(search('점심 메뉴 추천')).toEqual([]));

  it.each(['resnet50', 'efficentnet b0', 'segmentation under 5M params'])('ranks every name in 10 ms: %s', (query) => {
    const took = Array.from({ length: 20 }, () => {
      const began = performance.now();
      expect(rankByName(query)).toHaveLength(catalogue.length);
      return performance.now() - began;
    });
    // The best of several: a busy machine takes the processor away in the midst of one.
    expect(Math.min(...took)).toBeLessThan(10);
  });

  it('takes a query of any length', () => expect(search('x'.repeat(100_000), 3)).toEqual([]));
});

describe('nearest', () => {
  it('names as many as asked for, the most alike first', () => {
    const three = names(nearest('resnet57', 3));
    expect(three).toHaveLength(3);
    expect(three[0]).toBe('resnet50');
  });
});
