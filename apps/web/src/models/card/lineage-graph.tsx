'use client';

import type { LineageGraph as Graph, ModelVersion } from '@mallo/contracts';
import { Boxes, Database, FileUp, FlaskConical, type LucideIcon, MessageSquareText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Section } from '@/ui/card';
import { cn } from '@/ui/cn';
import { Link } from '@/ui/link';
import { ScrollRegion } from '@/ui/scroll-region';
import { useIsWide } from '@/ui/use-is-wide';
import { modelHref } from '../model-href';
import { BOX, lineageLayout } from './lineage-layout';

type LineageNode = Graph['nodes'][number];

const ICONS: Record<LineageNode['kind'], LucideIcon> = {
  conversation: MessageSquareText,
  dataset: Database,
  run: FlaskConical,
  files: FileUp,
  model: Boxes,
};

/** From the conversation and the data over the run to the version, and on to what was made of it. Each box leads there. */
export function LineageGraph({ graph, version }: { graph: Graph; version: ModelVersion }) {
  const t = useTranslations('models.card.lineage');
  const isWide = useIsWide();
  const { places, lines, width, height } = useMemo(() => lineageLayout(graph, isWide), [graph, isWide]);
  const titles = new Map(graph.nodes.map(({ key, title }) => [key, title]));
  const from = (key: string) => graph.edges.flatMap((edge) => (edge.to === key ? (titles.get(edge.from) ?? []) : []));
  return (
    <Section title={t('title')}>
      <ScrollRegion label={t('title')} className="p-4">
        <div className="relative mx-auto" style={{ width, height }}>
          <svg aria-hidden width={width} height={height} className="absolute inset-0 text-control">
            <defs>
              <marker
                id="lineage-arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path d="M0 0L8 4L0 8Z" fill="currentColor" />
              </marker>
            </defs>
            {lines.map(({ key, path }) => (
              <path
                key={key}
                d={path}
                fill="none"
                stroke="currentColor"
                strokeWidth="1.5"
                markerEnd="url(#lineage-arrow)"
              />
            ))}
          </svg>
          <ol aria-label={t('steps')}>
            {graph.nodes.map((node) => (
              <li key={node.key} className="absolute" style={{ ...places.get(node.key), ...BOX }}>
                <Box node={node} version={version} madeFrom={from(node.key)} />
              </li>
            ))}
          </ol>
        </div>
      </ScrollRegion>
    </Section>
  );
}

type BoxProps = { node: LineageNode; version: ModelVersion; madeFrom: string[] };

function Box({ node, version, madeFrom }: BoxProps) {
  const t = useTranslations('models.card.lineage');
  const { kind, title, detail, isThis } = node;
  const Icon = ICONS[kind];
  const content = (
    <>
      <span className="flex w-full items-center gap-1.5 text-muted text-xs">
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate">{[t(`kinds.${kind}`), detail].filter(Boolean).join(' · ')}</span>
      </span>
      <span title={title} className="w-full truncate font-medium text-sm">
        {title}
      </span>
      {madeFrom.length > 0 && <span className="sr-only">{t('from', { names: madeFrom.join(', ') })}</span>}
    </>
  );
  const look = 'flex size-full flex-col justify-center gap-0.5 rounded-lg border bg-surface px-3 text-left shadow-low';
  const href = isThis ? null : hrefOf(node, version);
  return href ? (
    <Link href={href} className={cn(look, 'hover:border-accent-line hover:bg-hover')}>
      {content}
    </Link>
  ) : (
    <div aria-current={isThis || undefined} className={cn(look, isThis && 'border-accent-line bg-accent-soft')}>
      {content}
    </div>
  );
}

function hrefOf({ kind, id }: LineageNode, { modelId, projectId }: ModelVersion): string | null {
  if (id === null) return null;
  switch (kind) {
    case 'conversation':
      return `/projects/${projectId}/chat/${id}`;
    case 'dataset':
      return `/datasets/${id}`;
    case 'run':
      return `/runs/${id}`;
    case 'model':
      return modelHref({ modelId, version: id });
    case 'files':
      return null;
  }
}
