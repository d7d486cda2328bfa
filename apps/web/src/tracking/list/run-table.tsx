'use client';

import { ownValue, type RunColumns, type TrackedRun } from '@mallo/contracts';
import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { memo, type ReactNode, useCallback, useMemo } from 'react';
import { useFormat } from '@/format/use-format';
import { isActive, RunStatusBadge } from '@/runs/run-status';
import { CheckBox } from '@/ui/check-box';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';
import { useIsWide } from '@/ui/use-is-wide';
import { type SeenColumn, TableCell, type TableColumn, VirtualTable } from '@/ui/virtual-table';
import { metricText } from '../metric-text';
import type { RunsAddress, RunsChange } from './runs-address';

const ROW_HEIGHT = 40;
/** Columns that every run has, in pixels; those that can be sorted by, with MLflow's name. What was logged lies between. */
const BEFORE = [
  { id: 'status', width: 118, sort: 'attributes.status' },
  { id: 'started', width: 124, sort: 'attributes.start_time' },
  { id: 'duration', width: 104, sort: null },
] as const;
const AFTER = [
  { id: 'user', width: 104, sort: 'attributes.user_id' },
  { id: 'experiment', width: 140, sort: null },
] as const;
type Own = (typeof BEFORE | typeof AFTER)[number]['id'];

type RunTableProps = {
  runs: readonly TrackedRun[];
  /** Of the whole search, as far as is known. */
  count: number;
  columns: RunColumns;
  address: RunsAddress;
  change: RunsChange;
  selected: ReadonlySet<string>;
  onSelect: (runId: string) => void;
  onReach: (index: number) => void;
  isBusy: boolean;
};

/** Runs as rows, what they logged as columns; sorted by whichever column on the server. */
export function RunTable(props: RunTableProps) {
  const { runs, count, columns, address, change, selected, onSelect, onReach, isBusy } = props;
  const t = useTranslations('runs');
  const isWide = useIsWide();
  const { sort, descending } = address;
  const shown = useMemo(() => {
    const header = (label: string, by: string | null): Pick<TableColumn, 'header' | 'sort'> => {
      if (by === null) return { header: label };
      const direction = sort === by ? (descending ? 'descending' : 'ascending') : undefined;
      return {
        header: (
          <SortButton
            label={label}
            direction={direction}
            // Down, up, and as it was.
            onSort={() => change(direction === 'ascending' ? { sort: null } : { sort: by, descending: !direction })}
          />
        ),
        sort: direction,
      };
    };
    const list: TableColumn[] = [
      { id: 'name', width: isWide ? 280 : 190, ...header(t('table.name'), 'attributes.run_name') },
      ...BEFORE.map(({ id, width, sort: by }) => ({ id, width, ...header(t(`table.${id}`), by) })),
    ];
    for (const kind of ['metrics', 'params', 'tags'] as const) {
      for (const key of columns[kind]) {
        list.push({
          id: `${kind}.${key}`,
          width: kind === 'tags' ? 150 : Math.min(190, Math.max(112, 44 + key.length * 7)),
          numeric: kind === 'metrics',
          ...header(key, `${kind}.${key}`),
        });
      }
    }
    list.push(...AFTER.map(({ id, width, sort: by }) => ({ id, width, ...header(t(`table.${id}`), by) })));
    return list;
  }, [columns, sort, descending, change, t, isWide]);
  const row = useCallback(
    (index: number, seen: readonly SeenColumn[]) => {
      const run = runs[index];
      if (!run) return <WaitingRow columns={seen} />;
      return <RunRow run={run} columns={seen} isSelected={selected.has(run.id)} onSelect={onSelect} />;
    },
    [runs, selected, onSelect],
  );
  return (
    <VirtualTable
      label={t('title')}
      columns={shown}
      count={count}
      rowHeight={ROW_HEIGHT}
      row={row}
      onReach={onReach}
      isBusy={isBusy}
      className={cn('min-h-0 flex-1 border-t', isBusy && 'opacity-60')}
    />
  );
}

type SortButtonProps = { label: string; direction: TableColumn['sort']; onSort: () => void };

function SortButton({ label, direction, onSort }: SortButtonProps) {
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onSort}
      title={label}
      className={cn(
        'group/sort flex h-full min-w-0 items-center gap-1 hover:text-fg in-data-numeric:flex-row-reverse',
        direction && 'text-fg',
      )}
    >
      <span className="truncate">{label}</span>
      <Arrow
        aria-hidden
        className={cn(
          'size-3 shrink-0',
          !direction && 'opacity-0 group-hover/sort:opacity-60 group-focus-visible/sort:opacity-60',
        )}
      />
    </button>
  );
}

function WaitingRow({ columns }: { columns: readonly SeenColumn[] }) {
  return columns.map((column) => (
    <TableCell key={column.id} column={column}>
      <Skeleton className="h-4 w-full" />
    </TableCell>
  ));
}

type RunRowProps = {
  run: TrackedRun;
  columns: readonly SeenColumn[];
  isSelected: boolean;
  onSelect: (runId: string) => void;
};

/** Rendered anew only when it changes or other columns come into sight. */
const RunRow = memo(
  function RunRow({ run, columns, isSelected, onSelect }: RunRowProps) {
    const t = useTranslations('runs.table');
    return columns.map((column) => (
      <TableCell key={column.id} column={column} className={isSelected ? 'bg-accent-soft' : undefined}>
        {column.id === 'name' ? (
          <span className="flex min-w-0 flex-1 items-center gap-2.5">
            <CheckBox label={t('choose', { name: run.name })} checked={isSelected} onChange={() => onSelect(run.id)} />
            <Link
              href={`/runs/${run.id}`}
              prefetch={false}
              title={run.name}
              className="min-w-0 truncate font-medium hover:text-accent hover:underline"
            >
              {run.name}
            </Link>
          </span>
        ) : (
          <RunCell run={run} id={column.id} />
        )}
      </TableCell>
    ));
  },
  (before, after) =>
    before.run === after.run &&
    before.isSelected === after.isSelected &&
    before.onSelect === after.onSelect &&
    sameColumns(before.columns, after.columns),
);

function sameColumns(before: readonly SeenColumn[], after: readonly SeenColumn[]): boolean {
  return (
    before.length === after.length &&
    before.every((column, index) => {
      const other = after[index];
      return column.id === other?.id && column.left === other.left && column.width === other.width;
    })
  );
}

export function RunCell({ run, id }: { run: TrackedRun; id: string }): ReactNode {
  const format = useFormat();
  const [, kind, key = ''] = /^(metrics|params|tags)\.(.*)$/s.exec(id) ?? [];
  if (kind === 'metrics') {
    const last = ownValue(run.metrics, key);
    return last && <span className="truncate">{metricText(last.value, format)}</span>;
  }
  if (kind) {
    const text = ownValue(kind === 'params' ? run.params : run.tags, key);
    return (
      text !== undefined && (
        <span className="truncate" title={text}>
          {text}
        </span>
      )
    );
  }
  return <OwnCell run={run} id={id as Own} />;
}

function OwnCell({ run, id }: { run: TrackedRun; id: Own }): ReactNode {
  const format = useFormat();
  if (id === 'status') return <RunStatusBadge status={run.status} />;
  if (id === 'user') return <span className="truncate text-muted">{run.user}</span>;
  if (id === 'experiment') return <span className="truncate text-muted">{run.experimentName}</span>;
  if (run.startedMs === null) return null;
  if (id === 'started') {
    const at = new Date(run.startedMs).toISOString();
    return (
      <time dateTime={at} title={format.date(at)} className="truncate text-muted">
        {format.ago(at)}
      </time>
    );
  }
  const endMs = run.endedMs ?? (isActive(run.status) ? Date.now() : null);
  return (
    endMs !== null && <span className="truncate text-muted">{format.duration((endMs - run.startedMs) / 1000)}</span>
  );
}
