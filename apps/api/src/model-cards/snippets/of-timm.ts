import type { ModelVersion } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { answer, PREPARED_IMPORTS, preparedAsTrained } from './prepared-as-trained.js';
import { pythonList, pythonString } from './python-text.js';

type OfTimm = Pick<ModelVersion, 'architecture' | 'taskType' | 'inputShape' | 'classNames'>;

/**
 * Builds an architecture of timm, fills it with the weights of a file and asks it; null where the version is none, or
 * reads no pictures in color.
 */
export function timmSnippet(version: OfTimm, weights: string, isPreparedAsTrained: boolean): string | null {
  const { architecture, taskType, inputShape, classNames } = version;
  // As the hub writes it, `timm/resnet18.a1_in1k`: the tag is of weights, and these are others.
  const entry = lookup(architecture.replace(/^timm\//, '').replace(/\..*$/, ''), 'timm');
  if (!entry || (taskType !== null && taskType !== 'classification')) return null;
  const [, channels = 3, height] = inputShape?.length === 4 && inputShape[3] !== 3 ? inputShape : [];
  if (channels !== 3) return null;
  const size = height && height > 0 ? height : null;
  const fixed = entry.fixedInputSize && size !== null ? `, img_size=${size}` : '';
  const name = pythonString(entry.name);
  const known = size === null ? '{}' : `{"input_size": (3, ${size}, ${size})}`;
  // Without the names the weights of the last layer tell how many classes there are.
  const count = classNames ? 'len(classes)' : 'weights[f"{classifier}.weight"].shape[0]';
  const classes = classNames
    ? `classes = ${pythonList(classNames)}  # in the order of the output\n`
    : `classifier = timm.models.get_pretrained_cfg_value(${name}, "classifier")\n`;
  const prepared = `# As timm prepares pictures for this architecture: put in what it was trained with where that differs.
prepare = timm.data.create_transform(**timm.data.resolve_data_config(${known}, model=model))
pixels = prepare(Image.open("image.jpg").convert("RGB"))[None]
`;
  return `${isPreparedAsTrained ? PREPARED_IMPORTS : ''}import timm
import torch
from PIL import Image

weights = timm.models.load_state_dict(${pythonString(weights)}, weights_only=True)  # runs no code
${classes}model = timm.create_model(${name}, num_classes=${count}${fixed}).eval()
model.load_state_dict(weights)

${isPreparedAsTrained ? preparedAsTrained : prepared}${answer(classNames !== null)}`;
}
