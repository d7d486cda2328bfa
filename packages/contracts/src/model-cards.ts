import { z } from 'zod';
import { Locale } from './errors.js';
import { Id } from './identity.js';
import { VersionParams } from './model-versions.js';
import { route } from './route.js';

/** What a version learned from, or where that is not known, what it was measured on. */
export const CardData = z.strictObject({
  name: z.string(),
  /** Null where the dataset is not here: it was deleted, or is known by its name alone. */
  datasetId: Id.nullable(),
  versionNumber: z.int().nullable(),
  sha256: z.string().nullable(),
  imageCount: z.int().nullable(),
  /** Sentences: what it is, how it was split, how the classes are balanced. */
  statements: z.array(z.string()),
  classes: z.array(
    z.strictObject({
      name: z.string(),
      imageCount: z.int().nullable(),
      /** Of all images, 0..1. */
      share: z.number().nullable(),
      validationCount: z.int().nullable(),
    }),
  ),
});
export type CardData = z.infer<typeof CardData>;

/** Figures over the epochs, thinned; the last epoch is always among them. */
export const CardCurves = z.strictObject({
  title: z.string(),
  epochs: z.array(z.number()),
  lines: z.array(z.strictObject({ name: z.string(), values: z.array(z.number()) })),
});
export type CardCurves = z.infer<typeof CardCurves>;

const Named = z.strictObject({ name: z.string(), value: z.string() });

/** Python that loads a version from the folder of its files, or from where it is registered. */
export const Snippet = z.strictObject({ title: z.string(), code: z.string() });
export type Snippet = z.infer<typeof Snippet>;

export const LineageKind = z.enum(['conversation', 'dataset', 'run', 'files', 'model']);
export type LineageKind = z.infer<typeof LineageKind>;

/** How a version came about and what came of it; each step leads from what was before. */
export const LineageGraph = z.strictObject({
  nodes: z.array(
    z.strictObject({
      key: z.string(),
      kind: LineageKind,
      /** Of the conversation, dataset or run; of a model the version. Null where there is nothing to open. */
      id: z.string().nullable(),
      title: z.string(),
      detail: z.string().nullable(),
      /** Whether it is the version that the card is of. */
      isThis: z.boolean(),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});
export type LineageGraph = z.infer<typeof LineageGraph>;

/** What is known of a version beside what the version says itself, in words of one language. */
export const ModelCard = z.strictObject({
  /** Null where nobody said what it is for. */
  purpose: z.string().nullable(),
  /** How it came here; null for a version that was trained here. */
  origin: z.string().nullable(),
  /** Of the weights that it began with: an SPDX name in lower case, or the publisher's own word. */
  license: z.string().nullable(),
  limits: z.array(z.string()),
  data: CardData.nullable(),
  curves: z.array(CardCurves),
  /** Sentences: what the training was, and an estimate of the energy and the cost. */
  training: z.array(z.string()),
  /** The settings of the training, or the params of the run that logged it. */
  settings: z.array(Named),
  /** Of the run that logged it. */
  runTags: z.array(Named),
  /** Where the Python environment is written down, with its text where that is short. */
  environment: z.strictObject({ statement: z.string(), text: z.string().nullable() }).nullable(),
  snippets: z.array(Snippet),
  lineage: LineageGraph,
});
export type ModelCard = z.infer<typeof ModelCard>;

const CardLocale = z.strictObject({ locale: Locale.default('en') });

export const modelCardRoutes = {
  readme: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/card',
    summary: 'The model card of a version: Markdown after YAML metadata, as Hugging Face has it',
    access: 'user',
    params: VersionParams,
    query: CardLocale,
    response: 'stream',
    errors: ['model.not_found'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/card/content',
    summary: 'What the model card of a version says, part by part',
    access: 'user',
    params: VersionParams,
    query: CardLocale,
    response: ModelCard,
    errors: ['model.not_found'],
  }),
};
