import type { QueryTable } from '@mallo/contracts';
import { cutTo, padTo, widthOf } from '../train/text-width.js';

/** A longer text of a cell is cut: a line of a table is to be seen at once. */
const CELL_COLUMNS = 60;
const GAP = 2;

/** A table as lines: the names of the columns, and each row below them. */
export function tableText({ columns, rows }: QueryTable): string[] {
  const lines = [columns.map(({ name }) => name), ...rows].map((cells) => cells.map(cellText));
  const widths = columns.map((_, at) => Math.max(...lines.map((cells) => widthOf(cells[at] ?? ''))));
  return lines.map((cells) =>
    cells
      .map((cell, at) => padTo(cell, (widths[at] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
}

/** The rows as objects with the names of the columns, as JSON. */
export function tableJson({ columns, rows }: QueryTable): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
  return JSON.stringify(objects, null, 2);
}

function cellText(value: string | number | boolean | null): string {
  // What would begin another line, or tell the terminal to do something, is shown as a space.
  const text = (value === null ? '' : String(value)).replace(/\p{Cc}/gu, ' ');
  return widthOf(text) <= CELL_COLUMNS ? text : `${cutTo(text, CELL_COLUMNS - 1)}…`;
}
