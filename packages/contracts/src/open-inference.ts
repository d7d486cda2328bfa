import { z } from 'zod';

/**
 * Named tensors as the Open Inference Protocol has them (KServe, Triton and others; its version 2, in JSON):
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
const Datatype = z.enum([
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
]);

/** More have no model, and more dimensions have no tensor. */
const MOST_TENSORS = 1_000;
const MOST_DIMENSIONS = 32;

const TensorName = z.string().max(1_000);
const RequestId = z.string().max(200);
const TensorShape = z.array(z.int().nonnegative()).max(MOST_DIMENSIONS);

export const InferenceRequest = z.strictObject({
  /** Comes back with the answer. */
  id: RequestId.optional(),
  inputs: z
    .array(
      z.strictObject({
        name: TensorName,
        shape: TensorShape,
        datatype: Datatype,
        /** Its values in row-major order, flat or as nested as its shape. */
        data: z.array(z.unknown()),
      }),
    )
    .min(1)
    .max(MOST_TENSORS),
  /** Those that are wanted; all where there is no word of them. */
  outputs: z
    .array(z.strictObject({ name: TensorName }))
    .min(1)
    .max(MOST_TENSORS)
    .optional(),
});
export type InferenceRequest = z.infer<typeof InferenceRequest>;

export const InferenceResponse = z.strictObject({
  model_name: z.string(),
  model_version: z.string(),
  id: RequestId.optional(),
  outputs: z.array(
    z.strictObject({
      name: TensorName,
      shape: TensorShape,
      datatype: Datatype,
      /** In row-major order; what is no finite number is null. */
      data: z.union([z.array(z.number().nullable()), z.array(z.boolean()), z.array(z.string())]),
    }),
  ),
});
export type InferenceResponse = z.infer<typeof InferenceResponse>;
