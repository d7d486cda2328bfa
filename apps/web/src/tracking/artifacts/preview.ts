export type PreviewKind = 'picture' | 'table' | 'json' | 'text';

/** Pictures that every browser draws. */
const PICTURES = /\.(png|jpe?g|gif|webp|avif|svg|bmp|ico)$/i;
/** A larger one would take the page more memory than a look at it is worth. */
export const PICTURE_LIMIT_BYTES = 20_000_000;
/** So much of a text is read, its begin. */
export const TEXT_BYTES = 256_000;
/** More rows are not read here; the file is there to be saved. */
const ROWS = 200;
const COLUMNS = 50;

/** How a file is shown, by its name; whether it is text at all shows in its bytes. */
export function previewKindOf(path: string): PreviewKind {
  if (PICTURES.test(path)) return 'picture';
  if (/\.[ct]sv$/i.test(path)) return 'table';
  return /\.json$/i.test(path) ? 'json' : 'text';
}

/** The text of a file's first bytes; null where they are no text in UTF-8. */
export function textIn(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    // A character that was cut at the end is left out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** JSON set out over lines; as it is where it cannot be read, as when only its begin is there. */
export function laidOut(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

/** The first rows of a table (RFC 4180: fields in quotes may hold separators, line breaks and doubled quotes). */
export function rowsIn(text: string, separator: ',' | '\t'): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = () => {
    if (row.length < COLUMNS) row.push(field);
    field = '';
  };
  for (let at = 0; at < text.length && rows.length <= ROWS; at++) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[++at];
      else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === separator) endField();
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++;
      endField();
      rows.push(row);
      row = [];
    } else field += character;
  }
  if (rows.length <= ROWS && (field !== '' || row.length > 0)) {
    endField();
    rows.push(row);
  }
  return rows.slice(0, ROWS + 1);
}
