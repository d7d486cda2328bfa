import type { Artifact, ModelVersion } from '@mallo/contracts';

/** Why a version cannot be tried on an image, or null. */
export function whyNotTried({ artifacts }: Pick<ModelVersion, 'artifacts'>): 'noOnnx' | 'severalOnnx' | null {
  const models = artifacts.filter(isOnnx);
  if (models.length === 0) return 'noOnnx';
  return models.length > 1 && !models.some(({ name }) => name === 'model.onnx') ? 'severalOnnx' : null;
}

function isOnnx({ name }: Artifact): boolean {
  return name.toLowerCase().endsWith('.onnx');
}
