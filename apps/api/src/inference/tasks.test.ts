import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AnomalyPrediction,
  DetectionPrediction,
  inferenceRoutes,
  type Prediction,
  SegmentationPrediction,
} from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';
import { picture } from '../testing/images.js';
import { registerFiles } from '../testing/uploads.js';

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');
const MODELS = new URL('../testing/task-models.py', import.meta.url).pathname;
const SIZE = { width: 150, height: 90 };

describe.skipIf(!existsSync(PYTHON))('each task, as PyTorch says (needs the Python environment)', () => {
  let api: TestApi;
  let folder: string;
  let said: Record<string, never>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mallo-tasks-'));
    const blurred = sharp(await picture(3, SIZE)).blur(6);
    await writeFile(join(folder, 'image.png'), await blurred.png().toBuffer());
    const square = sharp(await picture(5, { width: 64, height: 64 })).blur(3);
    await writeFile(join(folder, 'square.png'), await square.png().toBuffer());
    await promisify(execFile)(PYTHON, [MODELS, folder], { cwd: TRAINER_FOLDER });
    said = JSON.parse(await readFile(join(folder, 'said.json'), 'utf8'));
    api = await startTestApi();
  }, 600_000);
  afterAll(async () => {
    await api?.close();
    await rm(folder, { recursive: true });
  });

  async function ask(
    model: string,
    taskType: Prediction['task'],
    classNames?: string[],
    image = 'image.png',
  ): Promise<Prediction> {
    const files = { 'model.onnx': await readFile(join(folder, `${model}.onnx`)) };
    const more = { taskType, classNames };
    const { modelId, version } = await registerFiles(api, { name: `${model} ${crypto.randomUUID()}`, files, more });
    const bytes = new Blob([new Uint8Array(await readFile(join(folder, image)))]);
    return api.owner.upload(inferenceRoutes.predict, { params: { modelId, version } }, bytes);
  }

  /** The class of each pixel, by the palette's places. */
  async function classesIn({ mask, classes, image }: SegmentationPrediction): Promise<number[]> {
    const png = Buffer.from(mask, 'base64');
    expect(await sharp(png).metadata()).toMatchObject({ ...image, isPalette: true });
    const { data } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const found: number[] = [];
    for (let at = 0; at < data.length; at += 4) {
      const color = data[at + 3] === 0 ? '#000000' : `#${data.subarray(at, at + 3).toString('hex')}`;
      found.push(classes.find((one) => one.color === color)?.classIndex ?? -1);
    }
    return found;
  }

  it.each([
    ['segmenter', ['background', 'road', 'tree', 'sky'], 'default'],
    ['pixels', ['background', 'road', 'tree', 'sky'], 'model'],
    ['binary', ['background', 'crack'], 'default'],
  ] as const)('tells the class of each pixel: %s', async (model, names, preprocessing) => {
    const answer = SegmentationPrediction.parse(await ask(model, 'segmentation', [...names]));
    const expected: number[] = said[model] ?? [];
    const found = await classesIn(answer);
    // Where two classes are as likely as each other, the last digit decides.
    const others = found.filter((one, at) => one !== expected[at]).length;
    expect(others).toBeLessThan(found.length / 2000);
    expect(answer.preprocessing).toBe(preprocessing);
    for (const { classIndex, share, name } of answer.classes) {
      expect(share).toBeCloseTo(expected.filter((one) => one === classIndex).length / expected.length, 3);
      expect(name).toBe(names[classIndex]);
    }
    expect(new Set(expected).size).toBeGreaterThan(1);
  });

  it.each([
    ['detr', 'image.png'],
    ['torchvision', 'image.png'],
    ['rows', 'square.png'],
  ] as const)('finds things with their boxes: %s', async (model, image) => {
    const names = { detr: ['a', 'b', 'c', 'd'], torchvision: ['a', 'b'], rows: ['a', 'b', 'c'] }[model];
    const { boxes } = DetectionPrediction.parse(await ask(model, 'detection', names, image));
    const expected: number[][] = said[model] ?? [];
    expect(expected.length).toBeGreaterThan(2);
    const found = boxes.map(({ left, top, width, height, score, classIndex }) => {
      return [left, top, left + width, top + height, score, classIndex];
    });
    expect(found).toHaveLength(expected.length);
    // Of those that are as sure as each other, any may come first.
    for (const box of expected) expect(found).toContainEqual(box.map((value) => expect.closeTo(value, 2)));
    expect(boxes.every(({ name, classIndex }) => name === names[classIndex])).toBe(true);
  });

  it('tells how strange an image is, and where', async () => {
    const answer = AnomalyPrediction.parse(await ask('anomaly', 'anomaly_detection'));
    const { score, label, map } = said.anomaly as unknown as { score: number; label: boolean; map: number[] };
    expect(answer.score).toBeCloseTo(score, 4);
    expect(answer.isAnomalous).toBe(label);
    const [least, most] = [Math.min(...map), Math.max(...map)];
    expect(answer.heatMapRange).toEqual([expect.closeTo(least, 4), expect.closeTo(most, 4)]);
    const { data } = await sharp(Buffer.from(answer.heatMap ?? '', 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const reds = map.map((value) => 255 - Math.round(((value - least) / (most - least)) * 255));
    const greens = reds.map((_, at) => data[at * 4 + 1] ?? 0);
    expect(Math.max(...greens.map((green, at) => Math.abs(green - (reds[at] ?? 0))))).toBeLessThanOrEqual(1);
  });

  it('says so when the outputs are those of another task', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await expect(ask('anomaly', 'segmentation', names)).rejects.toMatchObject({ code: 'model.broken' });
    await expect(ask('segmenter', 'classification', names)).rejects.toMatchObject({ code: 'model.broken' });
    await expect(ask('segmenter', 'detection', names)).rejects.toMatchObject({ code: 'model.output_unknown' });
    await expect(ask('segmenter', 'segmentation')).rejects.toMatchObject({ code: 'model.classes_unknown' });
  });
});
