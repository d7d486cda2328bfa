import type { Artifact, ModelVersion, Signature } from '@mallo/contracts';

/** Why a version cannot be tried on an image, or null. */
export function whyNotTried({ artifacts }: Pick<ModelVersion, 'artifacts'>): 'noOnnx' | 'severalOnnx' | null {
  const models = artifacts.filter(isOnnx);
  if (models.length === 0) return 'noOnnx';
  return models.length > 1 && !models.some(({ name }) => name === 'model.onnx') ? 'severalOnnx' : null;
}

/** Why a version with an ONNX file can be asked by programs alone, or null. An image has three axes, with its batch four. */
export function whyByProgram(
  { taskType }: Pick<ModelVersion, 'taskType'>,
  { inputs }: Signature,
): 'inputs' | 'noTask' | null {
  const [input, ...others] = inputs;
  const axes = input?.shape?.length;
  if (!input || others.length > 0 || (axes !== undefined && axes !== 3 && axes !== 4)) return 'inputs';
  return taskType ? null : 'noTask';
}

function isOnnx({ name }: Artifact): boolean {
  return name.toLowerCase().endsWith('.onnx');
}
