'use client';

import { useTranslations } from 'next-intl';
import { Table } from '@/ui/table';
import { type DrawnCurve, placeOf, type Span } from './drawn-curve';

/** Of a long curve so many points are read, evenly, its last among them. */
const ROWS = 200;
/** Wider tables are not read; the runs' own table has them all. */
const COLUMNS = 20;

type ChartTableProps = {
  curves: readonly DrawnCurve[];
  seen: Span;
  height: number;
  nameOfX: (x: number) => string;
  textOfY: (y: number) => string;
};

/** The curves in figures, a place of x a row. */
export function ChartTable({ curves, seen, height, nameOfX, textOfY }: ChartTableProps) {
  const t = useTranslations('charts');
  const shown = curves.slice(0, COLUMNS);
  const rows = rowsOf(shown, seen, textOfY);
  return (
    <div className="overflow-hidden rounded-md border" style={{ height }}>
      <Table
        label={t('table')}
        className="h-full max-h-none"
        columns={[{ label: t('x') }, ...shown.map(({ label }) => ({ label, numeric: true }))]}
        rows={rows.map(({ x, cells }) => ({ key: String(x), cells: [nameOfX(x), ...cells] }))}
      />
    </div>
  );
}

export function rowsOf(curves: readonly DrawnCurve[], [from, to]: Span, textOfY: (y: number) => string) {
  const cells = new Map<number, string[]>();
  curves.forEach(({ xs, ys, raw, marks }, column) => {
    const values = raw ?? ys;
    const marked = Map.groupBy(marks, ({ x }) => x);
    for (let index = placeOf(xs, from); index < xs.length && (xs[index] as number) <= to; index++) {
      const x = xs[index] as number;
      const value = values[index] as number;
      const row = cells.get(x) ?? Array<string>(curves.length).fill('');
      if (!Number.isNaN(value)) row[column] = textOfY(value);
      cells.set(x, row);
    }
    for (const [x, all] of marked) {
      const row = cells.get(x);
      // Several may be at one place, beside a number too.
      if (row) row[column] = [row[column], ...new Set(all.map(({ value }) => value))].filter(Boolean).join(', ');
    }
  });
  const all = [...cells].map(([x, row]) => ({ x, cells: row })).toSorted((a, b) => a.x - b.x);
  const every = Math.max(1, Math.ceil(all.length / ROWS));
  return all.filter((_, index) => (all.length - 1 - index) % every === 0);
}
