import type { Artifact, ModelVersion } from '@mallo/contracts';

/** The ONNX file of a version: model.onnx, or the only one. */
export function onnxOf({ artifacts }: ModelVersion): Artifact | undefined {
  const all = artifacts.filter(({ name }) => name.toLowerCase().endsWith('.onnx'));
  return all.find(({ name }) => name === 'model.onnx') ?? (all.length === 1 ? all[0] : undefined);
}
