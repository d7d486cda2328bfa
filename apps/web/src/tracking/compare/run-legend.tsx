'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Eye, EyeOff } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { cn } from '@/ui/cn';
import { ScrollRegion } from '@/ui/scroll-region';
import type { ChartRun } from '../curves/drawn-runs';

const ROW_HEIGHT = 32;

type RunLegendProps = {
  runs: readonly ChartRun[];
  hidden: ReadonlySet<string>;
  onToggle: (runId: string) => void;
  highlighted: string | null;
  onHighlight: (runId: string | null) => void;
};

/** Which color is which run; each can be hidden, and stands out while it is pointed at. */
export function RunLegend({ runs, hidden, onToggle, highlighted, onHighlight }: RunLegendProps) {
  const t = useTranslations('runs.compare');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  return (
    <ScrollRegion ref={scroller} label={t('legend')} className="min-h-0 flex-1">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const run = runs[index];
          if (!run) return null;
          const isHidden = hidden.has(run.id);
          const Icon = isHidden ? EyeOff : Eye;
          return (
            <li
              key={run.id}
              aria-setsize={runs.length}
              aria-posinset={index + 1}
              onMouseEnter={() => onHighlight(run.id)}
              onMouseLeave={() => onHighlight(null)}
              className={cn(
                'group/item absolute inset-x-0 flex items-center gap-2 px-3 text-sm hover:bg-hover',
                highlighted === run.id && 'bg-hover',
              )}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
            >
              <span
                aria-hidden
                className={cn('h-1 w-4 shrink-0 rounded-full', isHidden && 'opacity-25')}
                style={{ background: run.color }}
              />
              <Link
                href={`/runs/${run.id}`}
                prefetch={false}
                title={run.label}
                onFocus={() => onHighlight(run.id)}
                className={cn('min-w-0 flex-1 truncate hover:text-accent hover:underline', isHidden && 'text-muted')}
              >
                {run.label}
              </Link>
              <button
                type="button"
                aria-label={t(isHidden ? 'show' : 'hide', { name: run.label })}
                aria-pressed={isHidden}
                onClick={() => onToggle(run.id)}
                className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:text-fg"
              >
                <Icon aria-hidden className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ul>
    </ScrollRegion>
  );
}
