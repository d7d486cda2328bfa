import { readFileSync } from 'node:fs';
import { ModelSource, TaskType, ZooModel } from '@mallo/contracts';
import { z } from 'zod';

/** A model of the catalogue with what a training needs to know of it besides what is listed. */
export const ZooEntry = ZooModel.extend({
  taskType: TaskType,
  /** Whether the model is made for `inputSize` alone; false: it is the usual size, and others work as they come. */
  fixedInputSize: z.boolean(),
  /**
   * Of a model of fixed input size that can be built for others: they are multiples of this. Null: only `inputSize`
   * can be fed; absent: not found out.
   */
  sizeStep: z.int().nullable().optional(),
  /** Millions of numbers (4 bytes each) that training keeps of one image of `inputSize` for the backward pass. */
  activationsM: z.number().nullable().default(null),
  /** SPDX name, or the publisher's own word for it. */
  license: z.string().nullable().default(null),
  /** Mean and standard deviation by channel (RGB, 0..1) that the pretrained weights expect. */
  mean: z.array(z.number()).optional(),
  std: z.array(z.number()).optional(),
  /** timm's tags of pretrained weights, the default first; empty: there are none. */
  pretrainedTags: z.array(z.string()).optional(),
});
export type ZooEntry = z.infer<typeof ZooEntry>;

const CatalogueFile = z.object({
  models: z.array(
    ZooEntry.omit({ source: true, taskType: true, fixedInputSize: true }).extend({
      taskType: TaskType.default('classification'),
      fixedInputSize: z.boolean().default(false),
    }),
  ),
});

function readSource(source: ModelSource): ZooEntry[] {
  const text = readFileSync(new URL(`../src/${source}.json`, import.meta.url), 'utf8');
  return CatalogueFile.parse(JSON.parse(text)).models.map((model) => ({ ...model, source }));
}

/** Every model that can be named: timm, Ultralytics, Hugging Face, MMDetection, MMSegmentation, Detectron2, anomaly detectors. */
export const catalogue: readonly ZooEntry[] = ModelSource.options.flatMap(readSource);

/** A name without case and separators: `ViT-Base Patch16/224` and `vit_base_patch16_224` are the same. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const byName = new Map<string, ZooEntry>();
const byKey = new Map<string, ZooEntry>();
// In the order of the sources, so that where two sources share a name timm's stands.
for (const entry of catalogue) {
  if (!byName.has(entry.name)) byName.set(entry.name, entry);
  const key = nameKey(entry.name);
  if (!byKey.has(key)) byKey.set(key, entry);
}

/** The model of that name; upper and lower case and separators do not matter. Undefined where there is none. */
export function lookup(name: string, source?: ModelSource): ZooEntry | undefined {
  const found = byName.get(name) ?? byKey.get(nameKey(name));
  if (!source || found?.source === source) return found;
  return catalogue.find((entry) => entry.source === source && nameKey(entry.name) === nameKey(name));
}
