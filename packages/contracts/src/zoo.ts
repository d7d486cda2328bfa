import { z } from 'zod';
import { because } from './because.js';
import { Problem } from './errors.js';
import { ModelSource, TaskType, ZooReading } from './parse.js';
import { route } from './route.js';

/** A model by source and name, such as `huggingface/facebook/detr-resnet-50`: unique, and fit for an address. */
export const ZooKey = z
  .string()
  .max(250)
  .refine(
    (key) => ModelSource.options.some((source) => key.startsWith(`${source}/`)),
    because('SOURCE/NAME is expected', '출처/이름 꼴이어야 합니다'),
  );

export const ZooModel = z.strictObject({
  name: z.string(),
  source: ModelSource,
  family: z.string(),
  /** Millions of parameters. */
  paramsM: z.number().nullable(),
  /**
   * Billions of multiply-adds (a multiply and its add count as one) for one image of `inputSize`, or where that is null
   * of the size that the library trains on.
   */
  gflops: z.number().nullable(),
  /** Width and height in pixels. */
  inputSize: z.int().nullable(),
});
export type ZooModel = z.infer<typeof ZooModel>;

/** What is measured; all in percent, more is better. `box_ap` and `mask_ap` are COCO's averages over overlaps. */
export const ZooMetric = z.enum(['top1', 'top5', 'box_ap', 'mask_ap', 'miou', 'pq']);
export type ZooMetric = z.infer<typeof ZooMetric>;

/** A figure that the library ships with itself. */
export const PublishedFigure = z.strictObject({
  metric: ZooMetric,
  value: z.number(),
  dataset: z.string(),
  /** Of which pretrained weights; null where the library names none. */
  tag: z.string().nullable(),
  /** Pixels, where it differs from model to model in the table. */
  inputSize: z.int().nullable(),
  /** The library's own file that states it, such as `results/results-imagenet.csv`. */
  source: z.string(),
});
export type PublishedFigure = z.infer<typeof PublishedFigure>;

/** A model as a list or a table row shows it. */
export const ZooListing = ZooModel.extend({
  key: ZooKey,
  taskType: TaskType,
  /** SPDX name, or the publisher's own word for it, of the weights where they have one of their own. */
  license: z.string().nullable(),
  /** The figure to compare by: the best one of the task's own metric. */
  accuracy: PublishedFigure.nullable(),
  hasPretrained: z.boolean(),
  /**
   * Of a GPU, to train with AdamW in fp32 on batches of 32 images of `inputSize`; null where what is kept of an image
   * is not known.
   */
  trainingMemoryBytes: z.number().nullable(),
  /** The Python package that a training needs, and whether the trainer here has it. */
  extra: z.strictObject({ name: z.string(), installed: z.boolean() }),
  /** Whether a training of it can be started here. */
  trainable: z.boolean(),
});
export type ZooListing = z.infer<typeof ZooListing>;

/** Letters, digits, - and _; no name of the libraries' models. */
const AddedName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{2,62}$/);
/** REGISTRY/NAME:TAG or NAME@sha256:…, as Docker reads it. */
const ImageReference = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  );

/** A model of one's own, as it is added to the zoo. */
export const ModelToAdd = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('python'),
    name: AddedName,
    /** The text of a Python file. A class or function in it takes `num_classes` and gives a torch.nn.Module. */
    code: z.string().min(1).max(200_000),
    /** That class or function; it need not be said where there is only one. */
    entry: z
      .string()
      .max(100)
      .regex(/^[A-Za-z_]\w*$/)
      .optional(),
    inputSize: z.int().min(8).max(1024).default(224),
  }),
  z.strictObject({ kind: z.literal('docker'), name: AddedName, image: ImageReference, taskType: TaskType }),
]);
export type ModelToAdd = z.infer<typeof ModelToAdd>;

/** What a model of one's own is made of. */
export const AddedParts = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('python'), code: z.string(), sha256: z.string(), entry: z.string() }),
  z.strictObject({
    kind: z.literal('docker'),
    image: z.string(),
    /** By which one trains it by hand. */
    command: z.string(),
  }),
]);
export type AddedParts = z.infer<typeof AddedParts>;

export const ZooDetails = ZooListing.extend({
  /** Whether `inputSize` is the only one it reads. */
  fixedInputSize: z.boolean(),
  /** Weights that can be had, the default first. */
  pretrained: z.array(
    z.strictObject({
      tag: z.string(),
      /** On the Hugging Face hub; null where it is elsewhere. */
      hubId: z.string().nullable(),
      license: z.string().nullable(),
    }),
  ),
  /** Every figure that the library ships. */
  published: z.array(PublishedFigure),
  /** What the library says that training took, in GB of a GPU, at its own batch size; null: it does not say. */
  publishedTrainingMemoryGb: z.number().nullable(),
  /** Mean and standard deviation by channel (RGB, 0..1) that the pretrained weights expect. */
  mean: z.array(z.number()).nullable(),
  std: z.array(z.number()).nullable(),
  /** What the entry was made from; null for a model of one's own. */
  catalogue: z.strictObject({ library: z.string(), version: z.string() }).nullable(),
  /** Why no training of it can be started; null where one can. */
  missing: Problem.nullable(),
  /** Of a model that cannot be trained here: what can, of about the same size, the nearest first. */
  alternatives: z.array(ZooListing),
  /** Null for a model of a library. */
  added: AddedParts.nullable(),
});
export type ZooDetails = z.infer<typeof ZooDetails>;

const number = z.coerce.number().min(0).optional();

/** What to list. Ranges include their ends, and leave out models of which the figure is not known. */
export const ZooFilters = z.strictObject({
  /** A name, a part of one, one with typing errors, an alias, or prose ("작고 빠른 분류기", "segmentation under 5M params"). */
  query: z.string().max(200).default(''),
  source: ModelSource.optional(),
  taskType: TaskType.optional(),
  family: z.string().max(100).optional(),
  minParamsM: number,
  maxParamsM: number,
  minGflops: number,
  maxGflops: number,
  inputSize: z.coerce.number().int().optional(),
  license: z.string().max(100).optional(),
  pretrained: z.stringbool().optional(),
  /** Whether a training of it can be started here. */
  trainable: z.stringbool().optional(),
});
export type ZooFilters = z.infer<typeof ZooFilters>;

/**
 * `relevance`: the nearest to what is searched for; without a search, as the catalogue has them. `suggested`: what to
 * begin with: trainable here, with weights, good for little cost.
 */
export const ZooSort = z.enum(['relevance', 'suggested', 'name', 'params', 'gflops', 'accuracy', 'memory']);
export type ZooSort = z.infer<typeof ZooSort>;

export const ZooPage = z.strictObject({
  models: z.array(ZooListing),
  /** How many pass in all. */
  total: z.int(),
  /** Null where the query was taken for (a part of) a name. */
  reading: ZooReading.nullable(),
});
export type ZooPage = z.infer<typeof ZooPage>;

const Counts = z.array(z.strictObject({ value: z.string(), count: z.int() }));
const Range = z.strictObject({ min: z.number(), max: z.number() }).nullable();

/** What can be filtered by, the most frequent first; each counted as if it had no filter itself. */
export const ZooFacets = z.strictObject({
  source: Counts,
  taskType: Counts,
  family: Counts,
  license: Counts,
  inputSize: Counts,
  pretrained: Counts,
  trainable: Counts,
  paramsM: Range,
  gflops: Range,
});
export type ZooFacets = z.infer<typeof ZooFacets>;

/** Models that can be looked at side by side. */
export const ZOO_COMPARE_MAX = 6;

export const zooRoutes = {
  search: route({
    method: 'GET',
    path: '/api/v1/zoo/models',
    summary: 'Models by name or in words, filtered, sorted, by pages',
    access: 'user',
    query: ZooFilters.extend({
      sort: ZooSort.default('relevance'),
      /** Values that are not known come last in either direction. */
      descending: z.stringbool().default(false),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    response: ZooPage,
  }),
  facets: route({
    method: 'GET',
    path: '/api/v1/zoo/facets',
    summary: 'What the models that pass can be filtered by, with counts',
    access: 'user',
    query: ZooFilters,
    response: ZooFacets,
  }),
  add: route({
    method: 'POST',
    path: '/api/v1/zoo/added',
    summary: 'Add a model of one’s own; a Python file is run once, shut in, to find out what it makes',
    access: 'user',
    body: ModelToAdd,
    response: ZooDetails,
    errors: [
      'zoo.name_taken',
      'zoo.code_failed',
      'zoo.entry_unclear',
      'zoo.code_limit',
      'zoo.sandbox_missing',
      'training.python_missing',
    ],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/v1/zoo/added/:name',
    summary: 'Take a model of one’s own out of the zoo; trainings of it and their versions stay',
    access: 'user',
    params: z.strictObject({ name: AddedName }),
    errors: ['model.unknown'],
  }),
  details: route({
    method: 'GET',
    path: '/api/v1/zoo/details',
    summary: `All that is known of up to ${ZOO_COMPARE_MAX} models, in the order asked for`,
    access: 'user',
    query: z.strictObject({
      /** `source/name`, several as the same parameter several times. */
      models: z.preprocess(
        (value) => (typeof value === 'string' ? [value] : value),
        z.array(ZooKey).min(1).max(ZOO_COMPARE_MAX),
      ),
    }),
    response: z.array(ZooDetails),
    errors: ['model.unknown'],
  }),
};
