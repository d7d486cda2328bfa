'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { type LayerNode, type LayerRow, visibleRows } from './layer-tree';

const ROW_HEIGHT = 32;
const COLUMNS = 'grid grid-cols-[minmax(0,1fr)_7rem_6rem] gap-3 sm:grid-cols-[minmax(0,1fr)_8rem_9rem_6rem_5rem]';

type LayerGridProps = { nodes: LayerNode[]; open: ReadonlySet<string>; onToggle: (id: string) => void };

/** The layers as a tree with columns, of which only what is in sight is there; moved through by the arrow keys. */
export function LayerGrid({ nodes, open, onToggle }: LayerGridProps) {
  const t = useTranslations('models.layers');
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleRows(nodes, open), [nodes, open]);
  const [activeId, setActiveId] = useState<string | null>(null);
  const active = Math.max(
    0,
    rows.findIndex(({ node }) => node.id === activeId),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const move = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setActiveId(row.node.id);
    virtualizer.scrollToIndex(rows.indexOf(row));
  };
  const press = useCallback(
    ({ id: pressed, children }: LayerNode) => {
      setActiveId(pressed);
      if (children) onToggle(pressed);
    },
    [onToggle],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    const step = stepOf(event.key, row, active, rows);
    if (step === null || !row) return;
    event.preventDefault();
    if (step === 'toggle') onToggle(row.node.id);
    else move(step);
  };
  return (
    <div
      ref={grid}
      role="treegrid"
      aria-label={t('tree')}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={rows[active] ? `${id}-${rows[active].node.id}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="group tabular max-h-128 overflow-y-auto -outline-offset-2 text-sm"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={1}
        className={cn(COLUMNS, 'sticky top-0 z-10 h-8 items-center border-b bg-surface px-4 text-muted text-xs')}
      >
        {(['name', 'type', 'shape', 'parameters', 'share'] as const).map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          // biome-ignore lint/a11y/useFocusableInteractive: the grid itself is focused.
          <span
            key={column}
            role="columnheader"
            className={cn(
              (column === 'parameters' || column === 'share') && 'text-right',
              (column === 'shape' || column === 'share') && 'hidden sm:block',
            )}
          >
            {t(column)}
          </span>
        ))}
      </div>
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <Line
                key={row.node.id}
                id={`${id}-${row.node.id}`}
                row={row}
                rowIndex={index + 2}
                top={start}
                isActive={index === active}
                onPress={press}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Where a key leads, by the keys of the ARIA authoring practices for a treegrid. */
function stepOf(key: string, row: LayerRow | undefined, at: number, rows: LayerRow[]): number | 'toggle' | null {
  const isScope = row?.node.children !== null;
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + 10;
    case 'PageUp':
      return at - 10;
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'Enter':
    case ' ':
      return isScope ? 'toggle' : null;
    case 'ArrowRight':
      return isScope ? (row?.isOpen ? at + 1 : 'toggle') : null;
    case 'ArrowLeft':
      if (isScope && row?.isOpen) return 'toggle';
      return rows.findLastIndex((other, index) => index < at && other.depth < (row?.depth ?? 0));
    default:
      return null;
  }
}

type LineProps = {
  id: string;
  row: LayerRow;
  rowIndex: number;
  top: number;
  isActive: boolean;
  onPress: (node: LayerNode) => void;
};

/** Rendered anew only when it changes, not with each frame of scrolling. */
const Line = memo(function Line({
  id,
  row: { node, depth, isOpen, position, siblings },
  rowIndex,
  top,
  isActive,
  onPress,
}: LineProps) {
  const t = useTranslations('models.layers');
  const format = useFormat();
  const cell = 'truncate';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be a tree.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-level={depth}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-rowindex={rowIndex}
      aria-expanded={node.children ? isOpen : undefined}
      onClick={() => onPress(node)}
      className={cn(
        COLUMNS,
        'absolute inset-x-0 items-center border-b px-4 hover:bg-hover',
        node.children && 'cursor-pointer font-medium',
        isActive && 'group-focus-visible:bg-accent-soft',
      )}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
    >
      <Cell className="flex min-w-0 items-center gap-1">
        <span aria-hidden className="shrink-0" style={{ width: (depth - 1) * 16 }} />
        <ChevronRight
          aria-hidden
          className={cn(
            'size-3.5 shrink-0 text-muted transition-transform',
            isOpen && 'rotate-90',
            !node.children && 'invisible',
          )}
        />
        <span className="truncate" title={node.name}>
          {node.name}
        </span>
        {node.children && (
          <span className="shrink-0 font-normal text-muted text-xs">{t('count', { count: node.layers })}</span>
        )}
      </Cell>
      <Cell className={cn(cell, 'text-muted')}>{node.type}</Cell>
      <Cell className={cn(cell, 'hidden text-muted sm:block')}>{shapeText(node.shape)}</Cell>
      <Cell className={cn(cell, 'text-right')}>{node.parameters > 0 ? format.whole(node.parameters) : ''}</Cell>
      <Cell className={cn(cell, 'hidden text-right sm:block')}>
        {node.parameters > 0 ? format.percent(node.share) : ''}
      </Cell>
    </div>
  );
});

function Cell({ className, children }: { className: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be a tree.
    // biome-ignore lint/a11y/useFocusableInteractive: the grid itself is focused.
    <span role="gridcell" className={className}>
      {children}
    </span>
  );
}

/** "1×64×112×112"; what is known only when it runs is a question mark. */
export function shapeText(shape: number[] | null): string {
  return shape?.map((size) => (size === -1 ? '?' : size)).join('×') ?? '';
}
