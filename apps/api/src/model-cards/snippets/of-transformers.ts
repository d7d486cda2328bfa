import type { Artifact, ModelVersion } from '@mallo/contracts';
import { catalogue, lookup } from '@mallo/zoo';
import { pythonList, pythonString } from './python-text.js';

type OfTransformers = Pick<ModelVersion, 'architecture' | 'classNames' | 'artifacts'>;

/** Names that `from_pretrained` looks for. */
const WEIGHTS = new Set(['model.safetensors', 'pytorch_model.bin']);

/**
 * Builds a model of Hugging Face's transformers from its config, fills it with the weights of a file and asks it; null
 * where the version is none, or nothing says how it is built.
 */
export function transformersSnippet(version: OfTransformers, weights: Artifact): string | null {
  const { architecture, classNames, artifacts } = version;
  const names = new Set(artifacts.map(({ name }) => name));
  const published = catalogue.find(({ pretrained, source }) => {
    return source === 'huggingface' && pretrained.some(({ hubId }) => hubId === architecture);
  });
  const known = published ?? lookup(architecture, 'huggingface');
  // A checkpoint is of a class.
  const model = known?.architecture ?? known?.name;
  const isHere = names.has('config.json');
  if (!model || !(isHere || published)) return null;
  const from = isHere ? '"."' : pythonString(architecture);
  const count = !isHere && classNames ? `, num_labels=${classNames.length}` : '';
  const filled =
    isHere && WEIGHTS.has(weights.name)
      ? `model = ${model}.from_pretrained(".").eval()
`
      : `model = ${model}(AutoConfig.from_pretrained(${from}${count})).eval()
model.load_state_dict(${
          weights.kind === 'safetensors'
            ? `load_file(${pythonString(weights.name)})`
            : `torch.load(${pythonString(weights.name)}, map_location="cpu", weights_only=True)`
        })
`;
  const isPrepared = names.has('preprocessor_config.json') || !isHere;
  const processor = names.has('preprocessor_config.json') ? '"."' : from;
  const prepared = isPrepared
    ? `processor = AutoImageProcessor.from_pretrained(${processor})
inputs = processor(Image.open("image.jpg").convert("RGB"), return_tensors="pt")
`
    : `size = getattr(model.config, "image_size", None) or 224
inputs = {"pixel_values": torch.zeros(1, 3, size, size)}  # put your own prepared picture in its place
`;
  const asked = model.endsWith('ForImageClassification')
    ? `    probabilities = model(**inputs).logits.softmax(dim=1)[0]
print(${classNames ? 'classes' : 'model.config.id2label'}[int(probabilities.argmax())], float(probabilities.max()))
`
    : `    outputs = model(**inputs)
print({name: tuple(value.shape) for name, value in outputs.items() if hasattr(value, "shape")})
`;
  const imports = [
    ...(isPrepared ? ['AutoImageProcessor'] : []),
    ...(filled.includes('AutoConfig') ? ['AutoConfig'] : []),
  ];
  return `import torch
${isPrepared ? 'from PIL import Image\n' : ''}${filled.includes('load_file') ? 'from safetensors.torch import load_file\n' : ''}from transformers import ${[...imports, model].toSorted().join(', ')}

${classNames ? `classes = ${pythonList(classNames)}  # in the order of the output\n` : ''}${filled}
${prepared}with torch.inference_mode():
${asked}`;
}
