import { graphlib, layout } from '@dagrejs/dagre';
import type { LineageGraph } from '@mallo/contracts';

/** Pixels of every box. */
export const BOX = { width: 200, height: 56 };
/** Room for the arrows at the edge. */
const MARGIN = 2;

type Place = { left: number; top: number };

/** Where the boxes stand and how the lines between them run: from left to right where there is room, else downwards. */
export function lineageLayout({ nodes, edges }: LineageGraph, isWide: boolean) {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: isWide ? 'LR' : 'TB', nodesep: 20, ranksep: 44, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { key } of nodes) graph.setNode(key, { ...BOX });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const places = new Map(
    nodes.map(({ key }): [string, Place] => {
      const { x = 0, y = 0 } = graph.node(key);
      return [key, { left: x - BOX.width / 2, top: y - BOX.height / 2 }];
    }),
  );
  const lines = edges.map(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    return { key: `${from} ${to}`, path: start && end ? lineBetween(start, end, isWide) : '' };
  });
  return { places, lines, width, height };
}

/** A curve from the end of a box to the beginning of the next. */
function lineBetween(start: Place, end: Place, isWide: boolean): string {
  if (isWide) {
    const [x1, y1] = [start.left + BOX.width, start.top + BOX.height / 2];
    const [x2, y2] = [end.left, end.top + BOX.height / 2];
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1] = [start.left + BOX.width / 2, start.top + BOX.height];
  const [x2, y2] = [end.left + BOX.width / 2, end.top];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}
