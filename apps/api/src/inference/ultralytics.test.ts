import { readFile } from 'node:fs/promises';
import { gunzipSync, inflateSync } from 'node:zlib';
import {
  ClassificationPrediction,
  DetectionPrediction,
  inferenceRoutes,
  type ModelVersion,
  type Prediction,
  SegmentationPrediction,
} from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { registerFiles } from '../testing/uploads.js';

/** Models that Ultralytics exported, and what it says of the pictures beside them (`make.py` there). */
const FOLDER = new URL('../testing/ultralytics/', import.meta.url);
const PICTURES = ['wide', 'tall', 'exact', 'half'];
type Box = { box: [number, number, number, number]; score: number; class: number };
type Things = { boxes: Box[]; classes: string };
type Expected = Record<'yolo11' | 'yolo26', Record<string, Box[]>> &
  Record<'yolo11-seg' | 'yolo26-seg', Record<string, Things>> & { 'yolo11-cls': Record<string, number[]> };

let api: TestApi;
let expected: Expected;
beforeAll(async () => {
  api = await startTestApi();
  expected = JSON.parse(await readFile(new URL('expected.json', FOLDER), 'utf8'));
});
afterAll(() => api.close());

async function register(model: string, taskType: string): Promise<ModelVersion> {
  const onnx = gunzipSync(await readFile(new URL(`${model}.onnx.gz`, FOLDER)));
  return registerFiles(api, {
    name: `${model} ${taskType}`,
    files: { 'best.onnx': onnx },
    more: { taskType, framework: 'ultralytics' },
  });
}

async function predict({ modelId, version }: ModelVersion, picture: string): Promise<Prediction> {
  const image = new Blob([new Uint8Array(await readFile(new URL(`${picture}.png`, FOLDER)))]);
  return api.owner.upload(inferenceRoutes.predict, { params: { modelId, version } }, image);
}

/** The class of each pixel, by its colour in the mask. */
async function classesOf(mask: string, classes: SegmentationPrediction['classes']): Promise<number[]> {
  const rgba = await sharp(Buffer.from(mask, 'base64')).ensureAlpha().raw().toBuffer();
  const byColor = new Map(classes.map((one) => [one.color, one.classIndex]));
  return Array.from({ length: rgba.length / 4 }, (_, at) => {
    const color = rgba[at * 4 + 3] === 0 ? '#000000' : `#${rgba.subarray(at * 4, at * 4 + 3).toString('hex')}`;
    return (byColor.get(color) ?? -2) + 1;
  });
}

describe('a model that Ultralytics exported', () => {
  it.each(['yolo11', 'yolo26'] as const)('finds what Ultralytics finds: %s', async (model) => {
    const version = await register(model, 'detection');
    for (const picture of PICTURES) {
      const { boxes, preprocessing } = DetectionPrediction.parse(await predict(version, picture));
      const said = expected[model][picture] ?? [];
      expect(said.length).toBeGreaterThan(0);
      expect(preprocessing).toBe('metadata');
      expect(boxes.map(({ classIndex, score }) => [classIndex, score])).toEqual(
        said.map((box) => [box.class, expect.closeTo(box.score, 4)]),
      );
      for (const [at, { left, top, width, height }] of boxes.entries()) {
        const corners = [left, top, left + width, top + height];
        expect(corners).toEqual(said[at]?.box.map((side) => expect.closeTo(side, 1)));
      }
    }
  });

  it('brings the names of its classes along', async () => {
    const { boxes } = DetectionPrediction.parse(await predict(await register('yolo26', 'detection'), 'wide'));
    expect(boxes.map(({ name, classIndex }) => [name, classIndex])).toContainEqual(["tailor's dummy", 1]);
  });

  it('classifies as Ultralytics classifies, the picture resized and cropped as by torchvision', async () => {
    const version = await register('yolo11-cls', 'classification');
    for (const picture of PICTURES) {
      const { classes } = ClassificationPrediction.parse(await predict(version, picture));
      const found = ['cat', "tailor's dummy", '개'].map((name) => classes.find((one) => one.name === name)?.confidence);
      expect(found).toEqual(expected['yolo11-cls'][picture]?.map((share) => expect.closeTo(share, 4)));
    }
  });

  it.each(['yolo11-seg', 'yolo26-seg'] as const)('masks what Ultralytics masks: %s', async (model) => {
    const version = await register(model, 'segmentation');
    for (const picture of PICTURES) {
      const { boxes, classes, mask, image } = SegmentationPrediction.parse(await predict(version, picture));
      const said = expected[model][picture] as Things;
      expect(said.boxes.length).toBeGreaterThan(0);
      expect(boxes?.map(({ classIndex, score }) => [classIndex, score])).toEqual(
        said.boxes.map((box) => [box.class, expect.closeTo(box.score, 4)]),
      );
      const theirs = inflateSync(Buffer.from(said.classes, 'base64'));
      expect(theirs).toHaveLength(image.width * image.height);
      const ours = await classesOf(mask, classes);
      expect(ours.length).toBe(theirs.length);
      for (const { classIndex, share } of classes) {
        const [own, other] = [ours, theirs].map((all) => Uint8Array.from(all, (one) => Number(one === classIndex + 1)));
        const both = own?.reduce((sum, one, at) => sum + (one & (other?.[at] ?? 0)), 0) ?? 0;
        const either = own?.reduce((sum, one, at) => sum + (one | (other?.[at] ?? 0)), 0) ?? 0;
        expect(both / either, `${picture} ${classIndex} ${share}`).toBeGreaterThan(0.999);
      }
    }
  });

  it('says so when it was registered for another task', async () => {
    const version = await register('yolo11-cls', 'detection');
    await expect(predict(version, 'wide')).rejects.toMatchObject({ code: 'model.output_unknown' });
  });
});
