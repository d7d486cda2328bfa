// biome-ignore-all lint/a11y/useSemanticElements: rows and cells lie by their place, and elements of tables could not.
// biome-ignore-all lint/a11y/useFocusableInteractive: it is a table, whose rows and cells need no focus, and not a grid.
'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { cn } from './cn';
import { ScrollRegion } from './scroll-region';

export type TableColumn = {
  id: string;
  header: ReactNode;
  width: number;
  numeric?: boolean;
  sort?: 'ascending' | 'descending';
};

export type SeenColumn = TableColumn & { index: number; left: number };

type VirtualTableProps = {
  label: string;
  /** The first names its row, and stays when the others scroll sideways. */
  columns: readonly TableColumn[];
  /** Rows, whether or not they are there already. */
  count: number;
  /** Pixels; each row is as high. */
  rowHeight: number;
  /** A row of the cells that are in sight; see `TableRow`. */
  row: (index: number, columns: readonly SeenColumn[]) => ReactNode;
  /** Told of the last row that is in sight, or nearly. */
  onReach?: (index: number) => void;
  isBusy?: boolean;
  className?: string;
  style?: CSSProperties;
};

const HEADER_HEIGHT = 36;

/** A table that scrolls both ways and holds only the cells that are in sight, however many rows and columns there are. */
export function VirtualTable(props: VirtualTableProps) {
  const { label, columns, count, rowHeight, row, onReach, isBusy, className, style } = props;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: HEADER_HEIGHT,
    overscan: 8,
  });
  const [first, ...others] = columns;
  const across = useVirtualizer({
    horizontal: true,
    count: others.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => others[index]?.width ?? 0,
    scrollMargin: first?.width ?? 0,
    overscan: 3,
  });
  const widths = columns.map(({ width }) => width).join();
  useEffect(() => across.measure(), [widths]);
  useEffect(() => rows.measure(), [rowHeight]);
  const shownRows = rows.getVirtualItems();
  const last = shownRows.at(-1)?.index;
  useEffect(() => {
    if (last !== undefined) onReach?.(last);
  }, [last, onReach]);
  if (!first) return null;
  const seen: SeenColumn[] = [
    { ...first, index: 0, left: 0 },
    ...across.getVirtualItems().flatMap(({ index, start }) => {
      const column = others[index];
      return column ? [{ ...column, index: index + 1, left: start }] : [];
    }),
  ];
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <ScrollRegion ref={scroller} label={label} style={style} className={cn('relative overscroll-contain', className)}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        aria-busy={isBusy}
        className="tabular min-w-full text-sm"
        style={{ width }}
      >
        <div role="rowgroup" className="sticky top-0 z-20">
          <div
            role="row"
            aria-rowindex={1}
            className="relative flex border-b bg-surface"
            style={{ height: HEADER_HEIGHT }}
          >
            {seen.map((column) => (
              <div
                key={column.id}
                role="columnheader"
                aria-colindex={column.index + 1}
                aria-sort={column.sort}
                data-numeric={column.numeric || undefined}
                className={cn(
                  'flex h-full items-center px-3 font-medium text-muted text-xs',
                  column.index === 0 ? 'sticky left-0 z-10 border-r bg-surface sm:pl-6' : 'absolute top-0',
                  column.numeric && 'justify-end',
                )}
                style={{ width: column.width, left: column.left }}
              >
                {column.header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
          {shownRows.map(({ index, start }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className="group/row absolute inset-x-0 top-0 flex border-b bg-surface hover:bg-hover"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            >
              {row(index, seen)}
            </div>
          ))}
        </div>
      </div>
    </ScrollRegion>
  );
}

/** A cell of a `VirtualTable`. */
export function TableCell({
  column,
  children,
  className,
}: {
  column: SeenColumn;
  children: ReactNode;
  className?: string;
}) {
  const place = {
    'aria-colindex': column.index + 1,
    className: cn(
      'flex h-full min-w-0 items-center px-3',
      column.index === 0 ? 'sticky left-0 z-10 border-r bg-surface group-hover/row:bg-hover sm:pl-6' : 'absolute top-0',
      column.numeric && 'justify-end',
      className,
    ),
    style: { width: column.width, left: column.left },
  };
  return column.index === 0 ? (
    <div role="rowheader" {...place}>
      {children}
    </div>
  ) : (
    <div role="cell" {...place}>
      {children}
    </div>
  );
}
