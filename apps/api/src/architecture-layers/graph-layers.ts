import type { Architecture } from '@mallo/contracts';
import { type Graph, type Node, parametersOf, type Value } from './onnx-graph.js';
import { inScopes, type Placed } from './scope-tree.js';

/** The operators of a graph as layers, with the weights that each reads. */
export function graphLayers(file: string, graph: Graph): Architecture {
  const shapes = new Map([...graph.values, ...graph.outputs].map(({ name, shape }) => [name, shape]));
  const unread = new Map(graph.weights.map((weight) => [weight.name, parametersOf(weight)]));
  const makers = new Map(graph.nodes.flatMap(({ outputs }, at) => outputs.map((name) => [name, at] as const)));
  const layers = graph.nodes.map((node): Placed => {
    let parameters = node.ownParameters;
    for (const name of node.inputs) {
      parameters += unread.get(name) ?? 0;
      unread.delete(name);
    }
    const { name, scopes } = placeOf(node);
    const from = node.inputs.flatMap((input) => makers.get(input) ?? []);
    const shape = shapes.get(node.outputs[0] ?? '') ?? null;
    return { name, scopes, type: node.operator, shape, parameters, from: [...new Set(from)] };
  });
  const weights = new Set(graph.weights.map(({ name }) => name));
  // Files of old versions list their weights among the inputs.
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  return { file, kind: 'graph', inputs: inputs.map(port), outputs: graph.outputs.map(port), ...inScopes(layers) };
}

const port = ({ name, type, shape }: Value) => ({ name, type, shape });

/** The name of a node and its scopes: as its exporter said, or from a name such as `/layer1/layer1.0/conv1/Conv`. */
function placeOf({ name, operator, scopes }: Node): { name: string; scopes: string[] } {
  if (scopes) return { name: name || operator, scopes };
  const parts = name.split('/').filter((part) => part !== '');
  return { name: parts.at(-1) ?? operator, scopes: parts.slice(0, -1) };
}
