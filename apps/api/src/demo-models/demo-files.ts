import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What `mallo_trainer.demo_models` writes into metrics.json; `val_…` are its figures. */
const Metrics = z.looseObject({
  model: z.string(),
  about: z.string(),
  class_names: z.array(z.string()),
  epochs: z.int(),
  train_images: z.int(),
});

export type DemoFiles = {
  architecture: string;
  memo: string;
  classNames: string[];
  metrics: Record<string, number>;
  files: { path: string; name: string }[];
};

/** What a version is, by the files that its training wrote. @throws Error when they are not of the expected form */
export async function readDemoFiles(folder: string): Promise<DemoFiles> {
  const found = Metrics.parse(JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')));
  const figures = Object.entries(found).filter(
    (entry): entry is [string, number] => entry[0].startsWith('val_') && entry[0] !== 'val_images',
  );
  const names = (await readdir(folder)).toSorted();
  return {
    architecture: found.model,
    memo: `${found.about} ${found.epochs} epochs, ${found.train_images} images. Made by mallo_trainer.demo_models.`,
    classNames: found.class_names,
    metrics: z.record(z.string(), z.number()).parse(Object.fromEntries(figures)),
    files: names.map((name) => ({ path: join(folder, name), name })),
  };
}
