import type { Artifact, ModelVersion, Snippet } from '@mallo/contracts';
import { timmSnippet } from './of-timm.js';
import { transformersSnippet } from './of-transformers.js';
import { ultralyticsSnippet } from './of-ultralytics.js';
import { pythonList, pythonString } from './python-text.js';

/** Of files that somebody made elsewhere: by the architecture where a library has it, else what the files say themselves. */
export function ofFiles(version: ModelVersion, isPreparedAsTrained: boolean): Snippet[] {
  const { artifacts, classNames } = version;
  const fileOf = (...kinds: Artifact['kind'][]) => artifacts.find(({ kind }) => kind && kinds.includes(kind));
  const [onnx, script] = [fileOf('onnx'), fileOf('torchscript')];
  // A model that came over MLflow is loaded by it; what its files are to one another is MLflow's to know.
  const weights = version.logged ? undefined : fileOf('safetensors', 'pytorch', 'pytorch_legacy');
  return [
    ...(onnx ? [{ title: 'ONNX Runtime', code: anyOnnx(onnx.name, classNames) }] : []),
    ...(weights ? [ofWeights(version, weights, isPreparedAsTrained)] : []),
    ...(script ? [{ title: 'TorchScript', code: anyScript(script.name) }] : []),
  ];
}

function ofWeights(version: ModelVersion, weights: Artifact, isPreparedAsTrained: boolean): Snippet {
  const ultralytics = ultralyticsSnippet(version, weights);
  if (ultralytics) return { title: 'Ultralytics', code: ultralytics };
  const timm = timmSnippet(version, weights.name, isPreparedAsTrained);
  if (timm) return { title: 'PyTorch + timm', code: timm };
  const transformers = transformersSnippet(version, weights);
  if (transformers) return { title: 'Hugging Face transformers', code: transformers };
  return weights.kind === 'safetensors'
    ? { title: 'safetensors', code: anySafetensors(weights.name) }
    : { title: 'PyTorch', code: anyWeights(weights.name) };
}

function anyOnnx(file: string, classNames: string[] | null): string {
  return `import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(${pythonString(file)})
types = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8, "tensor(int64)": np.int64}
# A size that is not fixed is given as 1 here: put your own data in its place.
inputs = {
    one.name: np.zeros([size if isinstance(size, int) else 1 for size in one.shape], types[one.type])
    for one in session.get_inputs()
}
for output, values in zip(session.get_outputs(), session.run(None, inputs)):
    print(output.name, np.asarray(values).shape)
${
  classNames
    ? `classes = ${pythonList(classNames)}  # in the order of the output
`
    : ''
}`;
}

function anySafetensors(file: string): string {
  return `from safetensors.torch import load_file

weights = load_file(${pythonString(file)})  # for model.load_state_dict(weights)
print({name: tuple(tensor.shape) for name, tensor in weights.items()})
`;
}

function anyWeights(file: string): string {
  return `import torch

weights = torch.load(${pythonString(file)}, map_location="cpu", weights_only=True)  # runs no code
print(type(weights))
`;
}

function anyScript(file: string): string {
  return `import torch

model = torch.jit.load(${pythonString(file)}, map_location="cpu").eval()
print(model)
`;
}
