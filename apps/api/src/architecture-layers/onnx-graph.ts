import { open } from 'node:fs/promises';
import { MalloError, quoted } from '@mallo/contracts';
import { WireReader } from '../model-files/wire-reader.js';

/** A tensor or value as a graph declares it; -1 in a shape stands for any size. */
export type Value = { name: string; type: string; shape: number[] | null };
export type Node = {
  name: string;
  operator: string;
  inputs: string[];
  outputs: string[];
  /** Names of the scopes around it, the outermost first, each with those before it: `layer1`, `layer1.0`. */
  scopes: string[] | null;
  /** Numbers in tensors that are part of the node itself, or of graphs in it. */
  ownParameters: number;
};
export type Graph = { nodes: Node[]; weights: Value[]; inputs: Value[]; outputs: Value[]; values: Value[] };

type Range = { start: number; end: number };
type Fields = Record<number, ((field: Range) => Promise<void> | void) | undefined>;

/** Graphs in nodes in graphs … no model is this deep. */
const DEPTH = 100;
/** How the exporter of PyTorch writes the scopes of a node: a Python list, the last of which is the node. */
const NAME_SCOPES = 'pkg.torch.onnx.name_scopes';
/** What it writes where there is none. */
const NO_MODULE = '_empty_nn_module_stack_from_metadata_hook';
const QUOTED = /'((?:[^'\\]|\\.)*)'/g;

/** https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, TensorProto.DataType */
const TYPES: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
  21: 'uint4',
  22: 'int4',
};
/** Shapes, places and conditions are no weights. */
const NO_WEIGHTS = new Set(['int64', 'uint64', 'uint32', 'bool', 'string']);

/** How many numbers of a tensor are learned. */
export function parametersOf({ type, shape }: Value): number {
  return NO_WEIGHTS.has(type) ? 0 : (shape ?? []).reduce((product, size) => product * size, 1);
}

/**
 * Reads the graph of an ONNX file; weights are stepped over, so memory is that of the graph alone.
 * @throws MalloError model.file_damaged
 */
export async function readOnnxGraph(path: string, name: string): Promise<Graph> {
  const file = await open(path);
  try {
    const reader = new GraphReader(new WireReader(file));
    const graph = await reader.model({ start: 0, end: (await file.stat()).size });
    if (!graph) throw new Error('there is no graph in it');
    return graph;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    throw new MalloError('model.file_damaged', { file: name, detail: quoted(error) }, { cause: error });
  } finally {
    await file.close();
  }
}

class GraphReader {
  constructor(private readonly reader: WireReader) {}

  async model(range: Range): Promise<Graph | null> {
    let graph: Graph | null = null;
    await this.each(range, {
      7: async (field) => {
        graph = await this.graph(field, 0);
      },
    });
    return graph;
  }

  private async graph(range: Range, depth: number): Promise<Graph> {
    if (depth > DEPTH) throw new Error(`graphs in graphs, ${DEPTH} deep`);
    const graph: Graph = { nodes: [], weights: [], inputs: [], outputs: [], values: [] };
    await this.each(range, {
      1: async (field) => void graph.nodes.push(await this.node(field, depth)),
      5: async (field) => void graph.weights.push(await this.tensor(field)),
      11: async (field) => void graph.inputs.push(await this.value(field)),
      12: async (field) => void graph.outputs.push(await this.value(field)),
      13: async (field) => void graph.values.push(await this.value(field)),
    });
    return graph;
  }

  private async node(range: Range, depth: number): Promise<Node> {
    const node: Node = { name: '', operator: '', inputs: [], outputs: [], scopes: null, ownParameters: 0 };
    await this.each(range, {
      1: async (field) => void node.inputs.push(await this.text(field)),
      2: async (field) => void node.outputs.push(await this.text(field)),
      3: async (field) => {
        node.name = await this.text(field);
      },
      4: async (field) => {
        node.operator = await this.text(field);
      },
      5: (field) => this.attribute(field, node, depth),
      9: async (field) => {
        node.scopes = (await this.scopes(field)) ?? node.scopes;
      },
    });
    return node;
  }

  /** Tensors and graphs in a node: what these read, the node reads. */
  private async attribute(range: Range, node: Node, depth: number): Promise<void> {
    const tensor = async (field: Range) => {
      node.ownParameters += parametersOf(await this.tensor(field));
    };
    const graph = async (field: Range) => {
      const inner = await this.graph(field, depth + 1);
      for (const weight of inner.weights) node.ownParameters += parametersOf(weight);
      for (const one of inner.nodes) {
        node.ownParameters += one.ownParameters;
        node.inputs.push(...one.inputs);
      }
    };
    await this.each(range, { 5: tensor, 6: graph, 10: tensor, 11: graph });
  }

  private async scopes(range: Range): Promise<string[] | null> {
    const said = { key: '', value: '' };
    await this.each(range, {
      1: async (field) => {
        said.key = await this.text(field);
      },
      // A long one is a listing of source code.
      2: async (field) => {
        said.value = await this.text(field).catch(() => '');
      },
    });
    if (said.key !== NAME_SCOPES) return null;
    const names = [...said.value.matchAll(QUOTED)].map(([, name = '']) => name);
    return names.slice(0, -1).filter((name) => name !== '' && name !== NO_MODULE);
  }

  private async tensor(range: Range): Promise<Value> {
    const shape: number[] = [];
    const tensor: Value = { name: '', type: '', shape };
    await this.each(
      range,
      {
        1: async ({ start, end }) => void shape.push(...(await this.reader.numbers(start, end))),
        8: async (field) => {
          tensor.name = await this.text(field);
        },
      },
      {
        1: (size) => void shape.push(size),
        2: (type) => {
          tensor.type = TYPES[type] ?? `type ${type}`;
        },
      },
    );
    return tensor;
  }

  private async value(range: Range): Promise<Value> {
    const value: Value = { name: '', type: '', shape: null };
    const dimension = async (field: Range) => {
      let size = -1;
      await this.each(
        field,
        {},
        {
          1: (number) => {
            size = Number.isSafeInteger(number) ? number : -1;
          },
        },
      );
      value.shape?.push(size);
    };
    const shape = (field: Range) => {
      value.shape = [];
      return this.each(field, { 1: dimension });
    };
    const type = (number: number) => {
      value.type = TYPES[number] ?? `type ${number}`;
    };
    const tensor = (field: Range) => this.each(field, { 2: shape }, { 1: type });
    await this.each(range, {
      1: async (field) => {
        value.name = await this.text(field);
      },
      2: (field) => this.each(field, { 1: tensor }),
    });
    return value;
  }

  private text({ start, end }: Range): Promise<string> {
    return this.reader.text(start, end);
  }

  /** Goes through the fields of a message: those with bytes, and those that are numbers. */
  private async each(
    range: Range,
    fields: Fields,
    numbers: Record<number, (value: number) => void> = {},
  ): Promise<void> {
    for await (const field of this.reader.fields(range.start, range.end)) {
      if ('value' in field) numbers[field.number]?.(field.value);
      else await fields[field.number]?.(field);
    }
  }
}
