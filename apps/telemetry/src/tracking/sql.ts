/** Now, by the clock of the database: those of several instances may differ, and what one changed others look for by it. */
export const NOW_MS_SQL = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** The values of one statement. All that comes from outside is a value; the text of a statement is only ours. */
export class SqlValues {
  readonly all: unknown[] = [];

  /** @returns the place of the value in the statement, such as `$3` */
  add(value: unknown): string {
    return `$${this.all.push(value)}`;
  }
}

/** PostgreSQL's text has no NUL, and UTF-8 no half of a surrogate pair. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Whether it is that there is a row of this key already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** A text to look for anywhere in another, for LIKE. */
export function likeAnywhere(text: string): string {
  return `%${storableText(text).replace(/[\\%_]/g, '\\$&')}%`;
}
