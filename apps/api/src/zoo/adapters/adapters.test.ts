import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelSource, type TrainingConfig } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTrain, keepsThePromises, RECIPES } from '../../testing/adapter-promises.js';
import { addedImage, addedModel, trainingConfig } from '../../testing/rows.js';
import { adapters } from './adapters.js';
import { OwnAdapter } from './own.js';
import { UltralyticsAdapter } from './ultralytics.example.js';

const { own: _, ...ofLibraries } = adapters;

describe.each(Object.entries(ofLibraries))('the adapter of %s', (source, adapter) => {
  test('answers for its own source', () => expect(adapter.source).toBe(source));
  keepsThePromises(adapter, () => RECIPES);
});

test('there is one for every source, and timm can train', () => {
  expect(Object.keys(adapters).sort()).toEqual([...ModelSource.options].sort());
  expect(Object.values(adapters).filter(canTrain)).toContain(adapters.timm);
});

describe('the adapter of one’s own models', () => {
  const added = [addedModel(), addedImage()];
  keepsThePromises(new OwnAdapter(added), () => RECIPES, added);

  test('trains the bytes that a config is of, whatever was added since', () => {
    const model = { source: 'own' as const, name: 'crust_net', code: { sha256: 'abc', entry: 'Net' } };
    const { code, settings } = adapters.own.prepare({ ...trainingConfig(), model }, '/data');
    expect(code).toEqual({ file: 'model.py', sha256: 'abc' });
    expect(settings).toMatchObject({ model: 'crust_net', code: 'model.py', entry: 'Net' });
  });
});

describe('the example of docs/adding-an-adapter.md', () => {
  const example = new UltralyticsAdapter();
  const yolo: TrainingConfig = { ...trainingConfig(), model: { source: example.source, name: 'YOLO11n-cls' } };
  /** A recipe that declares what the adapter of the page gives it. */
  const RECIPE = `
from dataclasses import dataclass
from pathlib import Path
from mallo_trainer.settings import setting, settings_from_command_line

@dataclass
class Settings:
    model: str = setting("A classifier of Ultralytics.")
    data: Path = setting("Folder with one subfolder of images for each class.")
    output: Path = setting("Folder for results.", Path("output"))
    class_names: list[str] | None = setting("Order of the classes.", None)
    epochs: int = setting("How often every training image is seen.", 10, at_least=1)
    batch_size: int = setting("Images per step.", 32, at_least=1)
    image_size: int = setting("Width and height in pixels.", 224, at_least=32)
    seed: int = setting("Of all random choices.", 0)

settings_from_command_line(Settings, __doc__)
`;
  let recipes: string;
  beforeAll(async () => {
    recipes = await mkdtemp(join(tmpdir(), 'mallo-recipes-'));
    await writeFile(join(recipes, 'ultralytics_classification.py'), RECIPE);
  });
  afterAll(() => rm(recipes, { recursive: true }));

  keepsThePromises(example, () => recipes);

  test('trains classifiers, and refuses detectors', () => {
    expect(example.prepare(yolo, '/data').settings).toMatchObject({ model: 'yolo11n-cls', data: '/data' });
    expect(example.describe('yolo11n').missing?.code).toBe('model.not_trainable_yet');
  });

  test.each(['docs/adding-an-adapter.md', 'docs/ko/adding-an-adapter.md'])('is what %s shows', async (page) => {
    const text = await readFile(new URL(`../../../../../${page}`, import.meta.url), 'utf8');
    const code = await readFile(new URL('./ultralytics.example.ts', import.meta.url), 'utf8');
    const [, shown] = /```ts\n(.*?)```/s.exec(text) ?? [];
    expect(code.slice(code.indexOf('\n') + 1)).toBe(shown);
    expect(shown?.split('\n').length).toBeLessThanOrEqual(60);
  });
});
