import { createHash } from 'node:crypto';
import { type Artifact, type ConversionWish, MalloError, type ModelVersion, type TaskType } from '@mallo/contracts';

/** What is converted, by which architecture. `code` is the file that its class is in. */
export type Plan = {
  weights: Artifact;
  code: Artifact | null;
  architecture: string;
  inputShape: number[] | null;
  taskType: TaskType;
  /** Tells this conversion from others of the same version. */
  name: string;
};

const CLASS_IN_FILE = /^(.+\.py):[A-Za-z_]\w*$/;

/**
 * Decides how a version is converted, before anything is done.
 * @throws MalloError model.onnx_there, model.no_weights, model.task_unknown, model.artifact_missing,
 * model.code_not_allowed, model.input_unknown
 */
export function planOf(version: ModelVersion, wish: ConversionWish): Plan {
  const { artifacts, taskType } = version;
  if (artifacts.some(({ name }) => /\.onnx$/i.test(name))) throw new MalloError('model.onnx_there');
  const weights = weightsOf(artifacts);
  if (!weights) throw new MalloError('model.no_weights');
  if (!taskType) throw new MalloError('model.task_unknown');
  const architecture = wish.architecture ?? version.architecture;
  const inputShape = wish.inputShape ?? version.inputShape;
  const file = CLASS_IN_FILE.exec(architecture)?.[1];
  const code = artifacts.find(({ name }) => name === file) ?? null;
  if (file !== undefined) {
    if (!code) throw new MalloError('model.artifact_missing', { path: file });
    if (!wish.runCode) throw new MalloError('model.code_not_allowed', { file });
    if (!inputShape) throw new MalloError('model.input_unknown');
  }
  const name = createHash('sha256')
    .update(JSON.stringify([version.id, architecture, inputShape]))
    .digest('hex');
  return { weights, code, architecture, inputShape, taskType, name: `onnx-${name.slice(0, 32)}` };
}

/** Of several the one that needs no pickle, then the one that is called model, then the first. */
function weightsOf(artifacts: Artifact[]): Artifact | undefined {
  const rank = ({ name, kind }: Artifact) =>
    `${kind === 'safetensors' || /\.safetensors$/i.test(name) ? 0 : 1}${/^model\b/i.test(name) ? 0 : 1}${name}`;
  return artifacts
    .filter(({ name, kind }) => kind !== 'torchscript' && /\.(pth?|safetensors)$/i.test(name))
    .toSorted((one, other) => rank(one).localeCompare(rank(other), 'en'))[0];
}
