import type { Architecture } from '@mallo/contracts';

/** A scope with what is in it, or a layer, which has none. Ids are places: `s3` in the scopes, `l17` in the layers. */
export type LayerNode = {
  id: string;
  /** Without the scopes around it. */
  name: string;
  /** Operator or type; empty for a scope. */
  type: string;
  shape: number[] | null;
  parameters: number;
  share: number;
  /** Of a scope, in the order of the file; null for a layer. */
  children: LayerNode[] | null;
  /** How many layers it holds; 1 for a layer. */
  layers: number;
  /** Place in the layers of the file, of the first one for a scope. */
  first: number;
};

/** More beside one another than this are put into groups, so that no list and no picture of them gets out of hand. */
const GROUP_SIZE = 50;

/** A model's layers within their scopes; long runs without scopes are put into groups named by their numbers. */
export function layerTree(architecture: Architecture): LayerNode[] {
  const { scopes, layers, parameters: total } = architecture;
  const nodes = scopes.map(
    ({ name, parent, parameters, layers: count }, index): LayerNode => ({
      id: `s${index}`,
      name: localName(name, parent === null ? null : (scopes[parent]?.name ?? null)),
      type: '',
      shape: null,
      parameters,
      share: total > 0 ? parameters / total : 0,
      children: [],
      layers: count,
      first: Number.POSITIVE_INFINITY,
    }),
  );
  const top: LayerNode[] = [];
  const listOf = (scope: number | null) => (scope === null ? top : (nodes[scope]?.children ?? top));
  const placed = new Set<number>();
  /** Scopes come where their first layer is. */
  const place = (scope: number, first: number) => {
    for (let at: number | null = scope; at !== null && !placed.has(at); at = scopes[at]?.parent ?? null) {
      placed.add(at);
      const node = nodes[at];
      if (!node) return;
      node.first = first;
      listOf(scopes[at]?.parent ?? null).push(node);
    }
  };
  layers.forEach(({ name, scope, type, shape, parameters, share }, index) => {
    if (scope !== null) place(scope, index);
    const layer = { id: `l${index}`, name, type, shape, parameters, share, children: null, layers: 1, first: index };
    listOf(scope).push(layer);
  });
  for (const node of nodes) if (node.children) node.children = grouped(node.children);
  return grouped(top);
}

function localName(name: string, parent: string | null): string {
  return parent && name.startsWith(parent) && name.length > parent.length
    ? name.slice(parent.length).replace(/^[./]/, '')
    : name;
}

function grouped(siblings: LayerNode[]): LayerNode[] {
  if (siblings.length <= GROUP_SIZE * 2) return siblings;
  return Array.from({ length: Math.ceil(siblings.length / GROUP_SIZE) }, (_, index) => {
    const children = siblings.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE);
    const [first] = children;
    const sum = (of: 'parameters' | 'share' | 'layers') => children.reduce((all, child) => all + child[of], 0);
    return {
      id: `g${first?.id}`,
      name: `${index * GROUP_SIZE + 1}–${index * GROUP_SIZE + children.length}`,
      type: '',
      shape: null,
      parameters: sum('parameters'),
      share: sum('share'),
      children,
      layers: sum('layers'),
      first: first?.first ?? 0,
    };
  });
}

/** A node as a line of the tree. */
export type LayerRow = { node: LayerNode; depth: number; isOpen: boolean; position: number; siblings: number };

/** The lines that are seen while these are open. */
export function visibleRows(nodes: LayerNode[], open: ReadonlySet<string>, depth = 1): LayerRow[] {
  return nodes.flatMap((node, index) => {
    const isOpen = open.has(node.id);
    const row = { node, depth, isOpen, position: index + 1, siblings: nodes.length };
    return node.children && isOpen ? [row, ...visibleRows(node.children, open, depth + 1)] : [row];
  });
}

/** Every node that holds others. */
export function scopeIds(nodes: LayerNode[]): string[] {
  return nodes.flatMap(({ id, children }) => (children ? [id, ...scopeIds(children)] : []));
}
