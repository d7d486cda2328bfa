'use client';

import { graphlib, layout } from '@dagrejs/dagre';
import { Background, Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type { Architecture } from '@mallo/contracts';
import { Maximize2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { shapeText } from './layer-grid';
import type { LayerNode } from './layer-tree';
import { type VisibleGraph, visibleGraph } from './visible-graph';

const WIDTH = 190;
const HEIGHT = 52;

type LayerGraphProps = {
  tree: LayerNode[];
  architecture: Architecture;
  open: ReadonlySet<string>;
  onToggle: (id: string) => void;
};
type FlowNode = Node<{ layer: LayerNode; onToggle: (id: string) => void }, 'layer'>;

const nodeTypes = { layer: LayerBox };

/** What follows what. Scopes are opened where they are; what is out of sight is not drawn. */
export function LayerGraph({ tree, architecture, open, onToggle }: LayerGraphProps) {
  const t = useTranslations('models.layers');
  const { nodes, edges } = useMemo(() => {
    const graph = visibleGraph(tree, architecture, open);
    const places = placesOf(graph);
    return {
      nodes: graph.nodes.map(
        (layer): FlowNode => ({
          id: layer.id,
          type: 'layer',
          position: places.get(layer.id) ?? { x: 0, y: 0 },
          data: { layer, onToggle },
          width: WIDTH,
          height: HEIGHT,
        }),
      ),
      edges: graph.edges.map(({ from, to }): Edge => ({ id: `${from} ${to}`, source: from, target: to })),
    };
  }, [tree, architecture, open, onToggle]);
  return (
    <div className="h-128 [--xy-attribution-background-color:transparent] [--xy-background-pattern-dots-color:var(--line-strong)] [--xy-controls-button-background-color-hover:var(--hover)] [--xy-controls-button-background-color:var(--surface)] [--xy-controls-button-border-color:var(--line)] [--xy-controls-button-color:var(--fg)] [--xy-edge-stroke:var(--control)]">
      <ReactFlow
        // A graph of other nodes is fitted anew.
        key={nodes.length}
        aria-label={t('graph')}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.4 }}
        minZoom={0.05}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'controls.ariaLabel': t('controls'),
          'controls.zoomIn.ariaLabel': t('zoomIn'),
          'controls.zoomOut.ariaLabel': t('zoomOut'),
          'controls.fitView.ariaLabel': t('fitView'),
        }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function LayerBox({ data: { layer, onToggle } }: NodeProps<FlowNode>) {
  const t = useTranslations('models.layers');
  const format = useFormat();
  const about = [
    layer.type || t('count', { count: layer.layers }),
    shapeText(layer.shape),
    layer.parameters > 0 ? t('ofParameters', { count: format.whole(layer.parameters) }) : '',
  ].filter(Boolean);
  const content = (
    <>
      <span className="flex w-full items-center gap-1.5">
        <span className="min-w-0 flex-1 truncate font-medium text-sm">{layer.name}</span>
        {layer.children && <Maximize2 aria-hidden className="size-3 shrink-0 text-muted" />}
      </span>
      <span className="tabular w-full truncate text-muted text-xs">{about.join(' · ')}</span>
    </>
  );
  const look = 'flex size-full flex-col items-start justify-center rounded-lg border px-3 text-left shadow-low';
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="opacity-0" />
      {layer.children ? (
        <button
          type="button"
          onClick={() => onToggle(layer.id)}
          className={cn(look, 'nopan border-accent-line bg-accent-soft hover:border-accent-strong')}
        >
          {content}
          <span className="sr-only">{t('openScope')}</span>
        </button>
      ) : (
        <div className={cn(look, 'bg-surface')}>{content}</div>
      )}
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="opacity-0" />
    </>
  );
}

/** Where each node is drawn: above what reads it. */
function placesOf({ nodes, edges }: VisibleGraph): Map<string, { x: number; y: number }> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 36 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}
