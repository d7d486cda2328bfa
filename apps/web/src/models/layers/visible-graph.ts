import type { Architecture } from '@mallo/contracts';
import type { LayerNode } from './layer-tree';

/** What is drawn: the nodes that are seen, and what leads from one to another. */
export type VisibleGraph = { nodes: LayerNode[]; edges: { from: string; to: string }[] };

/** The graph while these scopes are open; what is in a closed one is drawn as one node, with the edges of all of it. */
export function visibleGraph(tree: LayerNode[], { layers }: Architecture, open: ReadonlySet<string>): VisibleGraph {
  const nodes: LayerNode[] = [];
  const shownBy: string[] = [];
  const show = (node: LayerNode) => {
    if (node.children && open.has(node.id)) {
      for (const child of node.children) show(child);
    } else {
      nodes.push(node);
      hold(node, node.id);
    }
  };
  const hold = (node: LayerNode, id: string) => {
    if (node.children) for (const child of node.children) hold(child, id);
    else shownBy[node.first] = id;
  };
  for (const node of tree) show(node);

  const edges = new Map<string, { from: string; to: string }>();
  layers.forEach(({ from: sources }, index) => {
    const to = shownBy[index];
    for (const source of sources) {
      const from = shownBy[source];
      if (from && to && from !== to) edges.set(`${from} ${to}`, { from, to });
    }
  });
  return { nodes, edges: [...edges.values()] };
}
