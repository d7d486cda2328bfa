import type { ModelVersion, Snippet, TrainingConfig } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { answer, PREPARED_IMPORTS, preparedAsTrained } from './prepared-as-trained.js';
import { pythonList, pythonString } from './python-text.js';

/** Of the files that a training here left. */
export function ofTraining({ artifacts }: Pick<ModelVersion, 'artifacts'>, config: TrainingConfig): Snippet[] {
  const names = new Set(artifacts.map(({ name }) => name));
  const found: Snippet[] = [];
  if (names.has('model.onnx')) found.push({ title: 'ONNX Runtime', code: onnx(config) });
  const hasWeights = names.has('model.safetensors') && names.has('preprocessing.json');
  if (hasWeights && config.model.source === 'timm') found.push({ title: 'PyTorch + timm', code: timm(config) });
  if (hasWeights && config.model.source === 'huggingface')
    found.push({ title: 'Hugging Face transformers', code: transformers(config) });
  if (hasWeights && config.model.code) found.push({ title: 'PyTorch', code: own(config, config.model.code.entry) });
  return found;
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

/** The class of transformers, built as it was trained. */
function transformers({ classNames, model, hyperparameters }: TrainingConfig): string {
  const isFixed = lookup(model.name, 'huggingface')?.fixedInputSize ?? false;
  const size = isFixed ? `, image_size=${hyperparameters.imageSize}` : '';
  const made = `${model.name}(${model.name}.config_class(num_labels=len(classes)${size}))`;
  return withWeights('', classNames, made, `from transformers import ${model.name}\n`, '.logits');
}

/** The class that somebody wrote, from the file that the version keeps. */
function own({ classNames }: TrainingConfig, entry: string): string {
  return withWeights('', classNames, `${entry}(num_classes=len(classes))`, `from model import ${entry}\n`);
}

function withWeights(library: string, classNames: string[], made: string, file = '', scores = ''): string {
  return `${PREPARED_IMPORTS}${library}import torch
from PIL import Image
from safetensors.torch import load_file
${file}
classes = ${pythonList(classNames)}
model = ${made}.eval()
model.load_state_dict(load_file("model.safetensors"))

${preparedAsTrained}${answer(true, scores)}`;
}
