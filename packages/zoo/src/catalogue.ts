import { readFileSync } from 'node:fs';
import { ModelSource, PublishedFigure, TaskType, ZooModel } from '@mallo/contracts';
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
  activationsM: z.number().nullable(),
  /** The model, by its name in this source, that a name of weights is of; absent where the name is of a model. */
  architecture: z.string().optional(),
  /** SPDX name, or the publisher's own word for it. */
  license: z.string().nullable(),
  /** Mean and standard deviation by channel (RGB, 0..1) that the pretrained weights expect. */
  mean: z.array(z.number()).optional(),
  std: z.array(z.number()).optional(),
  /** Weights that were published, the default first. */
  pretrained: z.array(
    z.object({ tag: z.string(), hubId: z.string().nullable(), license: z.string().nullable() }).strict(),
  ),
  /** What the library states of its weights, in files that it ships. */
  published: z.array(PublishedFigure),
  /** GB of a GPU that training took, as the library states. */
  publishedTrainingMemoryGb: z.number().nullable(),
});
export type ZooEntry = z.infer<typeof ZooEntry>;

/** As it is written: what most models of a file have in common is left out. */
const WrittenEntry = ZooEntry.omit({ source: true }).extend({
  taskType: TaskType.default('classification'),
  fixedInputSize: z.boolean().default(false),
  paramsM: ZooModel.shape.paramsM.default(null),
  gflops: ZooModel.shape.gflops.default(null),
  inputSize: ZooModel.shape.inputSize.default(null),
  activationsM: ZooEntry.shape.activationsM.default(null),
  license: ZooEntry.shape.license.default(null),
  pretrained: ZooEntry.shape.pretrained.default([]),
  published: ZooEntry.shape.published.default([]),
  publishedTrainingMemoryGb: ZooEntry.shape.publishedTrainingMemoryGb.default(null),
});

const CatalogueFile = z.object({
  /** Python package of which, and in which version, the entries were made. */
  library: z.string(),
  version: z.string(),
  models: z.array(WrittenEntry),
});

/** The libraries; what people add themselves is kept in no file. */
export type Library = Exclude<ModelSource, 'own'>;
const LIBRARIES = ModelSource.exclude(['own']).options;

function readSource(source: Library) {
  const text = readFileSync(new URL(`../src/${source}.json`, import.meta.url), 'utf8');
  const { models, ...library } = CatalogueFile.parse(JSON.parse(text));
  return { library, models: models.map((model) => ({ ...model, source })) };
}

const sources = Object.fromEntries(LIBRARIES.map((source) => [source, readSource(source)])) as Record<
  Library,
  ReturnType<typeof readSource>
>;

/** The Python package that a source's models come from and need. */
export function libraryOf(source: Library): { library: string; version: string } {
  return sources[source].library;
}

/** Every model that can be named: timm, Ultralytics, Hugging Face, MMDetection, MMSegmentation, Detectron2, anomaly detectors. */
export const catalogue: readonly ZooEntry[] = LIBRARIES.flatMap((source) => sources[source].models);

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
