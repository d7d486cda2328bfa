'use client';

import type { TrackedRun } from '@mallo/contracts';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { Button } from '@/ui/button';
import { TableCell, type TableColumn, VirtualTable } from '@/ui/virtual-table';
import type { ChartRun } from '../curves/drawn-runs';
import { RunCell } from '../list/run-table';

const ROW_HEIGHT = 34;
const HEIGHT = 420;

type DifferenceTableProps = { runs: readonly TrackedRun[]; charted: readonly ChartRun[]; metrics: readonly string[] };

/** The params in which the runs differ, beside what came of it. */
export function DifferenceTable({ runs, charted, metrics }: DifferenceTableProps) {
  const t = useTranslations('runs.compare');
  const [isAll, setAll] = useState(false);
  const colors = useMemo(() => new Map(charted.map(({ id, color }) => [id, color])), [charted]);
  const all = useMemo(() => [...new Set(runs.flatMap((run) => Object.keys(run.params)))].toSorted(), [runs]);
  // One that only some have differs too.
  const differing = useMemo(
    () => all.filter((key) => new Set(runs.map((run) => run.params[key])).size > 1),
    [all, runs],
  );
  const params = isAll ? all : differing;
  const columns: TableColumn[] = [
    { id: 'name', header: t('run'), width: 220 },
    { id: 'status', header: t('status'), width: 118 },
    ...metrics.map((key) => ({ id: `metrics.${key}`, header: <Name text={key} />, width: 128, numeric: true })),
    ...params.map((key) => ({ id: `params.${key}`, header: <Name text={key} />, width: 128 })),
  ];
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{t('differences')}</h2>
        <Button size="sm" variant="ghost" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {t('allParams', { count: all.length })}
        </Button>
      </div>
      {!isAll && differing.length === 0 && all.length > 0 && <p className="text-muted text-sm">{t('noDifference')}</p>}
      <VirtualTable
        label={t('differences')}
        columns={columns}
        count={runs.length}
        rowHeight={ROW_HEIGHT}
        className="rounded-xl border bg-surface"
        style={{ maxHeight: HEIGHT }}
        row={(index, seen) => {
          const run = runs[index];
          return (
            run &&
            seen.map((column) => (
              <TableCell key={column.id} column={column}>
                {column.id === 'name' ? (
                  <span className="flex min-w-0 items-center gap-2">
                    <span
                      aria-hidden
                      className="h-1 w-4 shrink-0 rounded-full"
                      style={{ background: colors.get(run.id) }}
                    />
                    <Link href={`/runs/${run.id}`} prefetch={false} className="truncate font-medium hover:text-accent">
                      {run.name}
                    </Link>
                  </span>
                ) : (
                  <RunCell run={run} id={column.id} />
                )}
              </TableCell>
            ))
          );
        }}
      />
    </div>
  );
}

function Name({ text }: { text: string }) {
  return (
    <span title={text} className="truncate">
      {text}
    </span>
  );
}
