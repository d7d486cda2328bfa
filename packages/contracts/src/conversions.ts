import { z } from 'zod';
import { Id } from './identity.js';
import { Job } from './jobs.js';
import { InputShape } from './registrations.js';
import { route } from './route.js';
import { ModelRef } from './runs.js';

/** How the weights of a version become ONNX. */
export const ConversionWish = z.strictObject({
  /**
   * A name of timm, or `file.py:ClassName` for a class in a Python file of the version, made without arguments. Without
   * one, the version's own.
   */
  architecture: z.string().trim().min(1).max(200).optional(),
  /** What the model reads, such as 1, 3, 224, 224. Without one, the version's own, or what timm says. */
  inputShape: InputShape.optional(),
  /** Only a person may say so: runs the Python file of the version, in the sandbox. Without it no code of a version runs. */
  runCode: z.boolean().default(false),
});
export type ConversionWish = z.infer<typeof ConversionWish>;

/**
 * Turning a version's PyTorch weights into ONNX, which makes a new patch version. What `error` can be: `model.weights_…`,
 * `model.architecture_unknown`, `model.code_failed`, `model.sandbox_missing`, `model.conversion_…`, and those of starting.
 */
export const Conversion = Job.extend({
  /** The new version, once completed. */
  made: ModelRef.nullable(),
  /** For `model.weights_unsafe`: what opening the file would have run, as Python, such as `os.system('id')`. */
  wouldRun: z.array(z.string()),
  /** For `model.weights_unfit`: tensors that the architecture has and the file lacks, and the other way round. */
  missing: z.array(z.string()),
  unexpected: z.array(z.string()),
});
export type Conversion = z.infer<typeof Conversion>;

const VersionParams = z.strictObject({ modelId: Id, version: z.string().regex(/^\d+\.\d+\.\d+$/) });

export const conversionRoutes = {
  start: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/convert',
    summary: 'Convert the PyTorch weights of a version to ONNX, in the background, as a new patch version',
    access: 'user',
    params: VersionParams,
    body: ConversionWish,
    response: Conversion,
    errors: [
      'model.not_found',
      'model.onnx_there',
      'model.no_weights',
      'model.artifact_missing',
      'model.input_unknown',
      'model.code_not_allowed',
      'training.python_missing',
    ],
  }),
  cancel: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/convert/cancel',
    summary:
      'End a conversion that is under way, and its process; nothing is left of it. Of one that is not nothing changes',
    access: 'user',
    params: VersionParams,
    response: Conversion,
    errors: ['model.not_found'],
  }),
  state: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/convert',
    summary: 'How far the conversion of a version is, or why it failed',
    access: 'user',
    params: VersionParams,
    response: Conversion,
    errors: ['model.not_found'],
  }),
};
