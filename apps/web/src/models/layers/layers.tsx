'use client';

import { type Architecture, inferenceRoutes, type ModelVersion } from '@mallo/contracts';
import { ChevronsDownUp, ChevronsUpDown, Layers as LayersIcon } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { LayerGrid } from './layer-grid';
import { layerTree, scopeIds } from './layer-tree';

// The graph's library is large, and most people look at the tree.
const LayerGraph = dynamic(() => import('./layer-graph').then(({ LayerGraph: graph }) => graph), {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-120" />,
});

/** What a version is made of; read from its file when somebody wants to see it. */
export function Layers({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.layers');
  const [isWanted, setWanted] = useState(false);
  const params = { modelId: version.modelId, version: version.version };
  const found = useRoute(inferenceRoutes.layers, isWanted ? { params } : null);
  if (found.data) return <Shown architecture={found.data} />;
  return (
    <Section title={t('title')}>
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} className="m-4" />}
      {isWanted && found.isPending && (
        <div role="status" aria-label={t('reading')} className="grid gap-2 p-4">
          <Skeleton className="h-8" />
          <Skeleton className="h-64" />
        </div>
      )}
      {!isWanted && (
        <div className="flex flex-wrap items-center justify-between gap-3 p-4">
          <p className="min-w-48 flex-1 text-muted">{t('text')}</p>
          <Button onClick={() => setWanted(true)}>
            <LayersIcon aria-hidden />
            {t('show')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Shown({ architecture }: { architecture: Architecture }) {
  const t = useTranslations('models.layers');
  const format = useFormat();
  const [view, setView] = useState<'tree' | 'graph'>('tree');
  const tree = useMemo(() => layerTree(architecture), [architecture]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const onToggle = useCallback((id: string) => setOpen((now) => toggled(now, id)), []);
  const { file, kind, parameters, inputs, outputs, layers } = architecture;
  return (
    <Section
      title={t('title')}
      aside={
        <div className="flex items-center gap-2">
          {view === 'tree' && (
            <Button
              size="icon"
              variant="ghost"
              aria-label={t('openAll')}
              onClick={() => setOpen(new Set(scopeIds(tree)))}
            >
              <ChevronsUpDown aria-hidden />
            </Button>
          )}
          <Button
            size="icon"
            variant="ghost"
            aria-label={t('closeAll')}
            disabled={open.size === 0}
            onClick={() => setOpen(new Set())}
          >
            <ChevronsDownUp aria-hidden />
          </Button>
          <Segmented
            label={t('view')}
            value={view}
            onValueChange={(next) => {
              setView(next);
              // A graph of everything at once is no picture.
              setOpen(new Set());
            }}
            options={(['tree', 'graph'] as const).map((value) => ({ value, label: t(`views.${value}`) }))}
          />
        </div>
      }
    >
      <p className="border-b px-4 py-2 text-muted text-sm">
        {t('summary', { file, layers: layers.length, parameters: format.whole(parameters) })}
        {[...inputs, ...outputs].length > 0 &&
          ` · ${inputs.map(portText).join(', ')} → ${outputs.map(portText).join(', ')}`}
      </p>
      {view === 'tree' ? (
        <LayerGrid nodes={tree} open={open} onToggle={onToggle} />
      ) : kind === 'graph' ? (
        <LayerGraph tree={tree} architecture={architecture} open={open} onToggle={onToggle} />
      ) : (
        <p className="p-4 text-muted">{t('noGraph')}</p>
      )}
    </Section>
  );
}

function portText({ name, shape }: Architecture['inputs'][number]): string {
  return `${name}${shape ? ` [${shape.map((size) => (size === -1 ? '?' : size)).join(', ')}]` : ''}`;
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return next;
}
