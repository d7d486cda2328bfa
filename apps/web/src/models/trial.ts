import type { Artifact, ModelVersion, RegisteredModel } from '@mallo/contracts';

/** Why a version cannot be tried on an image, or null. */
export function whyNotTried(
  { artifacts, classNames }: ModelVersion,
  taskType: RegisteredModel['taskType'],
): 'task' | 'noOnnx' | 'severalOnnx' | 'noClasses' | null {
  if (taskType !== 'classification') return 'task';
  const models = artifacts.filter(isOnnx);
  if (models.length === 0) return 'noOnnx';
  if (models.length > 1 && !models.some(({ name }) => name === 'model.onnx')) return 'severalOnnx';
  return classNames ? null : 'noClasses';
}

function isOnnx({ name }: Artifact): boolean {
  return name.toLowerCase().endsWith('.onnx');
}
