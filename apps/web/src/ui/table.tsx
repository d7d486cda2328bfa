import type { ReactNode } from 'react';
import { cn } from './cn';

type TableProps = {
  label: string;
  columns: { label: string; numeric?: boolean }[];
  /** The first cell names its row. */
  rows: { key: string; cells: ReactNode[]; isMarked?: boolean }[];
  className?: string;
};

/** A table that scrolls sideways where it is too wide, by keyboard too. */
export function Table({ label, columns, rows, className }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={label} tabIndex={0} className={cn('max-h-96 overflow-auto', className)}>
      <table className="tabular w-full text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b text-muted">
            {columns.map((column, index) => (
              <th
                // A file's own header may name two columns alike.
                key={index}
                scope="col"
                className={cn(
                  'h-8 whitespace-nowrap px-3 font-medium text-xs',
                  column.numeric ? 'text-right' : 'text-left',
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, isMarked }) => (
            <tr
              key={key}
              aria-current={isMarked || undefined}
              className="border-b last:border-0 hover:bg-hover aria-[current]:bg-warn-soft"
            >
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row" className="h-8 px-3 text-left font-medium">
                    {cell}
                  </th>
                ) : (
                  <td key={index} className={cn('px-3', columns[index]?.numeric && 'whitespace-nowrap text-right')}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
