'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, use, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { cn } from './cn';
import { PageScroller } from './page';

type VirtualListProps = {
  label: string;
  count: number;
  /** Whether there are no more than `count`; otherwise how many there are is not said. */
  isWhole?: boolean;
  /** Pixels; each row is as high. */
  rowHeight: number;
  children: (index: number) => ReactNode;
  /** Told of the last row that is in sight, or nearly. */
  onReach?: (index: number) => void;
  className?: string;
};

/** A list that scrolls with its page and holds only the rows that are in sight, however many there are. */
export function VirtualList({
  label,
  count,
  isWhole = true,
  rowHeight,
  children,
  onReach,
  className,
}: VirtualListProps) {
  const scroller = use(PageScroller);
  const list = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    scrollMargin: offset,
    overscan: 6,
  });
  // What stands above may grow and shrink. Not looked at in each render: that would lay the page out twice a frame.
  useLayoutEffect(() => {
    const look = () => setOffset(list.current?.offsetTop ?? 0);
    look();
    const observer = new ResizeObserver(look);
    for (const part of [scroller, scroller?.firstElementChild]) if (part) observer.observe(part);
    return () => observer.disconnect();
  }, [scroller]);
  // Heights are kept until it is told that they changed, as when a phone is turned.
  useEffect(() => virtualizer.measure(), [rowHeight]);

  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index;
  useEffect(() => {
    if (last !== undefined) onReach?.(last);
  }, [last, onReach]);
  return (
    <ul
      ref={list}
      aria-label={label}
      className={cn('relative', className)}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.map(({ index, start }) => (
        <li
          key={index}
          aria-setsize={isWhole ? count : -1}
          aria-posinset={index + 1}
          className="absolute inset-x-0 top-0"
          style={{ height: rowHeight, transform: `translateY(${start - offset}px)` }}
        >
          {children(index)}
        </li>
      ))}
    </ul>
  );
}
