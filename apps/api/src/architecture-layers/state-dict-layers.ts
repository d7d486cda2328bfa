import type { Architecture } from '@mallo/contracts';
import type { TensorInfo } from '../model-files/safetensors-file.js';
import { inScopes, type Placed } from './scope-tree.js';

/** The tensors of a state dict as layers, in the scopes that their names tell: `layer1.0.conv1.weight`. */
export function stateDictLayers(file: string, tensors: TensorInfo[]): Architecture {
  const layers = tensors.map(({ name, dtype, shape }): Placed => {
    const parts = name.split('.');
    const scopes = parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('.'));
    const parameters = shape.reduce((product, size) => product * size, 1);
    return { name: parts.at(-1) ?? name, scopes, type: dtype, shape, parameters, from: [] };
  });
  return { file, kind: 'state_dict', inputs: [], outputs: [], ...inScopes(layers) };
}
