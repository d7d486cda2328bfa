import type { Artifact, ModelVersion, TrainingConfig } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';

/** Python that loads a version from the folder of its files and answers for one picture; empty where no file can be. */
export function snippets(version: ModelVersion): { title: string; code: string }[] {
  const names = new Set(version.artifacts.map(({ name }) => name));
  const { config } = version;
  if (!config) return ofUploaded(version);
  const found: { title: string; code: string }[] = [];
  if (names.has('model.onnx')) found.push({ title: 'ONNX Runtime', code: onnx(config) });
  const hasWeights = names.has('model.safetensors') && names.has('preprocessing.json');
  if (hasWeights && config.model.source === 'timm') found.push({ title: 'PyTorch + timm', code: timm(config) });
  if (hasWeights && config.model.code) found.push({ title: 'PyTorch', code: own(config, config.model.code.entry) });
  return found;
}

/** Of files that somebody uploaded: what they want and answer they say themselves. */
function ofUploaded({ artifacts, classNames }: ModelVersion): { title: string; code: string }[] {
  const nameOf = (...kinds: Artifact['kind'][]) => artifacts.find(({ kind }) => kind && kinds.includes(kind))?.name;
  const [file, tensors, weights] = [nameOf('onnx'), nameOf('safetensors'), nameOf('pytorch')];
  const script = nameOf('torchscript');
  return [
    ...(file ? [{ title: 'ONNX Runtime', code: anyOnnx(file, classNames) }] : []),
    ...(tensors ? [{ title: 'safetensors', code: anySafetensors(tensors) }] : []),
    ...(weights ? [{ title: 'PyTorch', code: anyWeights(weights) }] : []),
    ...(script ? [{ title: 'TorchScript', code: anyScript(script) }] : []),
  ];
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

/** The exported model takes the decoded picture as it is; preparing it is part of the file. */
function onnx({ classNames }: TrainingConfig): string {
  return `import numpy as np
import onnxruntime
from PIL import Image

classes = ${pythonList(classNames)}
session = onnxruntime.InferenceSession("model.onnx")
image = np.asarray(Image.open("image.jpg").convert("RGB"))[None]  # uint8 [1, height, width, 3]
(probabilities,) = session.run(None, {session.get_inputs()[0].name: image})
print(classes[int(probabilities[0].argmax())], float(probabilities[0].max()))
`;
}

function timm({ classNames, model, hyperparameters }: TrainingConfig): string {
  // What takes one input size only has to be told which it was trained with.
  const isFixed = lookup(model.name, 'timm')?.fixedInputSize ?? false;
  const size = isFixed ? `, img_size=${hyperparameters.imageSize}` : '';
  const made = `timm.create_model(${pythonString(model.name)}, num_classes=len(classes)${size})`;
  return withWeights('import timm\n', classNames, made);
}

/** The class that somebody wrote, from the file that the version keeps. */
function own({ classNames }: TrainingConfig, entry: string): string {
  return withWeights('', classNames, `${entry}(num_classes=len(classes))`, `from model import ${entry}\n`);
}

function withWeights(library: string, classNames: string[], made: string, file = ''): string {
  return `import json
import numpy as np
${library}import torch
from PIL import Image
from safetensors.torch import load_file
${file}
classes = ${pythonList(classNames)}
model = ${made}.eval()
model.load_state_dict(load_file("model.safetensors"))

about = json.load(open("preprocessing.json"))["weights"]
size = (about["image_size"], about["image_size"])
pixels = torch.from_numpy(np.array(Image.open("image.jpg").convert("RGB"))).permute(2, 0, 1)[None].float() / 255
pixels = torch.nn.functional.interpolate(pixels, size=size, mode="bilinear", antialias=True, align_corners=False)
mean, std = (torch.tensor(about[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
with torch.inference_mode():
    probabilities = model((pixels - mean) / std).softmax(dim=1)[0]
print(classes[int(probabilities.argmax())], float(probabilities.max()))
`;
}

/** A text as Python writes it: JSON's escapes are Python's too. */
function pythonString(text: string): string {
  return JSON.stringify(text);
}

function pythonList(texts: string[]): string {
  return `[${texts.map(pythonString).join(', ')}]`;
}
