import { open } from 'node:fs/promises';

/** Bytes read at once; a line longer than this comes in several parts. */
const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 10;

type LogLine = {
  text: string;
  /** The place in the file after the line and its break. */
  end: number;
};

export type LinesRead = {
  lines: LogLine[];
  /** When the file was last written to, epoch milliseconds: the best that is known of when these lines were. */
  timeMs: number;
};

/**
 * The complete lines of a file from `position` on, as many as one read finds. A last line without its break waits
 * to be completed, unless nobody will (`ended`). What is not UTF-8 becomes U+FFFD.
 */
export async function readLines(path: string, position: number, ended: boolean): Promise<LinesRead> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return { lines: [], timeMs: 0 };
  await using _ = file;
  const { mtimeMs, size } = await file.stat();
  const timeMs = Math.round(mtimeMs);
  if (size <= position) return { lines: [], timeMs };
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(Math.min(CHUNK_BYTES, size - position)),
    0,
    undefined,
    position,
  );
  const chunk = buffer.subarray(0, bytesRead);

  const lines: LogLine[] = [];
  let start = 0;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, start)) {
    lines.push({ text: chunk.toString('utf8', start, at), end: position + at + 1 });
    start = at + 1;
  }
  const isRest = ended && position + bytesRead >= size;
  const isLong = start === 0 && bytesRead === CHUNK_BYTES;
  if (start < bytesRead && (isRest || isLong)) {
    lines.push({ text: chunk.toString('utf8', start), end: position + bytesRead });
  }
  return { lines, timeMs };
}

/** What a terminal would show of a line in the end: a progress bar rewrites itself after each carriage return. */
export function visibleText(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
}
