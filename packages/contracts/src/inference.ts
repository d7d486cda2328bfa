import { z } from 'zod';
import { Id } from './identity.js';
import { REFERENCE_ERRORS, VersionParams, VersionRef } from './model-versions.js';
import { ModelName } from './names.js';
import { InferenceResponse } from './open-inference.js';
import { route } from './route.js';

/** The most images, or tensors, in one request. */
export const PREDICTION_IMAGES_LIMIT = 64;

const Size = z.strictObject({ width: z.int(), height: z.int() });
const Rgb = z.string().regex(/^#[0-9a-f]{6}$/);
/** A PNG file in base64. */
const Png = z.base64();

const Answer = z.strictObject({
  /** Of the image as it is seen (EXIF obeyed), in pixels: what boxes and masks are measured in. */
  image: Size,
  /** Time in the model alone, of all that were computed together. */
  latencyMs: z.number(),
  /** How many images were computed together, because they were asked for at the same moment. */
  batchSize: z.int(),
  /**
   * Who prepared the image: the `model` itself; the `file` preprocessing.json of the version; what is written in the ONNX
   * file (`metadata`); the `default` for a model of its form; or the `sender`, of numbers instead of an image.
   */
  preprocessing: z.enum(['model', 'file', 'metadata', 'default', 'sender']),
});

export const ClassificationPrediction = Answer.extend({
  task: z.literal('classification'),
  /** The ten likeliest, the likeliest first. */
  classes: z.array(z.strictObject({ name: z.string(), confidence: z.number() })),
});
export type ClassificationPrediction = z.infer<typeof ClassificationPrediction>;

/** In pixels of the image, from its upper left corner; not rounded. */
export const DetectedBox = z.strictObject({
  name: z.string(),
  /** Of the class in the order of the model's classes: for a colour that stays. */
  classIndex: z.int(),
  score: z.number(),
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});
export type DetectedBox = z.infer<typeof DetectedBox>;

export const DetectionPrediction = Answer.extend({
  task: z.literal('detection'),
  /** At most 300, the surest first, of a score of 0.25 or more, overlapping ones of a class left out. */
  boxes: z.array(DetectedBox),
});
export type DetectionPrediction = z.infer<typeof DetectionPrediction>;

export const SegmentationPrediction = Answer.extend({
  task: z.literal('segmentation'),
  /**
   * Which class each pixel is: an indexed PNG over the whole image, of its size, or with a longer side of 4,096 where it
   * is larger. A pixel's value is the place in `classes`; the palette has the colours of `classes`, the background clear.
   */
  mask: Png,
  /** Those that are in the image, the largest first; `share` is of the image, 0 to 1. */
  classes: z.array(z.strictObject({ name: z.string(), classIndex: z.int(), color: Rgb, share: z.number() })),
  /** Of a model that finds single things: each of them, the surest first. `classIndex` of the background is then -1. */
  boxes: z.array(DetectedBox).optional(),
});
export type SegmentationPrediction = z.infer<typeof SegmentationPrediction>;

export const AnomalyPrediction = Answer.extend({
  task: z.literal('anomaly_detection'),
  /** The higher, the stranger, in the model's own unit. */
  score: z.number(),
  /** What the model itself says; null where it only gives a score. */
  isAnomalous: z.boolean().nullable(),
  /**
   * Where it is strange: an indexed PNG over the whole image, of the map's own size; a pixel's value goes from 0, the
   * map's least, shown clear, to 255, its most, shown red. Null where the model makes no map.
   */
  heatMap: Png.nullable(),
  /** What 0 and 255 of the map stand for. */
  heatMapRange: z.tuple([z.number(), z.number()]).nullable(),
});
export type AnomalyPrediction = z.infer<typeof AnomalyPrediction>;

/** What a model says of one image, by its task. */
export const Prediction = z.discriminatedUnion('task', [
  ClassificationPrediction,
  DetectionPrediction,
  SegmentationPrediction,
  AnomalyPrediction,
]);
export type Prediction = z.infer<typeof Prediction>;

/** What programs are answered: which version it was, and a prediction for each image, in their order. */
export const Predictions = z.strictObject({
  modelId: Id,
  modelName: z.string(),
  version: z.string(),
  predictions: z.array(Prediction),
});
export type Predictions = z.infer<typeof Predictions>;

/** A scope of names in a model, such as `layer1.0`. Layers and scopes come in the order of the file. */
export const LayerScope = z.strictObject({
  name: z.string(),
  /** Place in `scopes` of the one around it; null: at the top. */
  parent: z.int().nullable(),
  /** Of all that is in it, in scopes in it too. */
  parameters: z.int(),
  layers: z.int(),
});
export type LayerScope = z.infer<typeof LayerScope>;

/** -1: known only when it runs. */
const Shape = z.array(z.int());

/** One operator of an ONNX graph, or one tensor of a state dict. */
export const Layer = z.strictObject({
  /** Without its scopes. */
  name: z.string(),
  /** Place in `scopes`; null: in none. */
  scope: z.int().nullable(),
  /** The operator, such as `Conv`, or of a tensor the type of its numbers, such as `F32`. */
  type: z.string(),
  /** Of its first output, or of the tensor; null: not said in the file. */
  shape: Shape.nullable(),
  /** Numbers in its weights; weights that several layers share count at the first. */
  parameters: z.int(),
  /** Of the parameters of the whole, 0 to 1. */
  share: z.number(),
  /** Places in `layers` of those whose output it reads. */
  from: z.array(z.int()),
});
export type Layer = z.infer<typeof Layer>;

const Port = z.strictObject({ name: z.string(), type: z.string(), shape: Shape.nullable() });

/** What a model is made of, read from one of its files. */
export const Architecture = z.strictObject({
  file: z.string(),
  /** A `graph` knows its operators and what follows what; of a `state_dict` only the weights are known. */
  kind: z.enum(['graph', 'state_dict']),
  parameters: z.int(),
  inputs: z.array(Port),
  outputs: z.array(Port),
  scopes: z.array(LayerScope),
  layers: z.array(Layer),
});
export type Architecture = z.infer<typeof Architecture>;

/** What a model reads and gives out, by name. */
export const Signature = Architecture.pick({ inputs: true, outputs: true });
export type Signature = z.infer<typeof Signature>;

const LAYER_ERRORS = [
  'model.not_found',
  'model.artifact_missing',
  'model.file_damaged',
  'model.layers_unknown',
] as const;

const PREDICTION_ERRORS = [
  'model.not_found',
  'model.artifact_missing',
  'model.file_damaged',
  'model.no_onnx',
  'model.task_unknown',
  'model.classes_unknown',
  'model.input_unknown',
  'model.output_unknown',
  'model.broken',
  'model.too_large',
  'model.timeout',
  'image.unreadable',
  'request.too_large',
] as const;

export const inferenceRoutes = {
  predict: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/predict',
    summary: 'Try a version on one image (body: the bytes of the image)',
    access: 'user',
    params: VersionParams,
    body: 'stream',
    response: Prediction,
    errors: PREDICTION_ERRORS,
  }),
  predictByName: route({
    method: 'POST',
    path: '/api/v1/models/:name/:ref/predict',
    summary:
      'Ask what a reference means now (`1.2.0`, `latest`, `best`, `@champion`), for programs. Body: the bytes of one ' +
      'image; several as multipart/form-data; with `shape`, numbers of the type that the model reads, little-endian; or, ' +
      'as application/json, named tensors of any model as the Open Inference Protocol has them, answered in its way',
    access: 'user',
    params: z.strictObject({ name: ModelName, ref: VersionRef }),
    query: z.strictObject({
      /** Where more than one project has a model of that name; left out, that of the token goes first. */
      project: Id.optional(),
      /** Of the numbers in the body, such as `1,3,224,224`; the first is how many are asked for at once. */
      shape: z
        .string()
        .regex(/^[1-9]\d{0,6}(,[1-9]\d{0,6}){3}$/)
        .optional(),
    }),
    body: 'stream',
    response: z.union([Predictions, InferenceResponse]),
    errors: [...PREDICTION_ERRORS, ...REFERENCE_ERRORS],
  }),
  layers: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/layers',
    summary: 'What a version is made of: operators or weights with shapes and parameters, in their scopes',
    access: 'user',
    params: VersionParams,
    response: Architecture,
    errors: LAYER_ERRORS,
  }),
  signature: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/signature',
    summary: 'What a version reads and gives out: the inputs and outputs of its ONNX file, with types and shapes',
    access: 'user',
    params: VersionParams,
    response: Signature,
    errors: LAYER_ERRORS,
  }),
};
