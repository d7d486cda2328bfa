import type { LogEvent } from './batch.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { compressed, decompressed } from './compression.js';

/** A line of a run's log with its place in the run's sequence. */
export type Line = { seq: number; stream: LogEvent['stream']; timeMs: number; line: string };

/** Lines of a chunk; their texts also in one piece, which is quicker to search. */
export type Lines = { places: Omit<Line, 'line'>[]; lengths: number[]; text: string };

export function packLines(lines: readonly Line[]): Buffer {
  const bytes = new ByteWriter(lines.length * 64);
  bytes.count(lines.length);
  let [seq, timeMs] = [0, 0];
  for (const line of lines) {
    bytes.count((line.seq - seq) * 2 + (line.stream === 'stdout' ? 0 : 1));
    bytes.difference(line.timeMs, timeMs);
    bytes.count(line.line.length);
    ({ seq, timeMs } = line);
  }
  bytes.text(lines.map(({ line }) => line).join(''));
  return compressed(bytes.finish());
}

export function unpackLines(packed: Buffer): Lines {
  const bytes = new ByteReader(decompressed(packed));
  const count = bytes.count();
  const places: Lines['places'] = [];
  const lengths: number[] = [];
  let [seq, timeMs] = [0, 0];
  for (let nth = 0; nth < count; nth += 1) {
    const head = bytes.count();
    seq += Math.floor(head / 2);
    timeMs = bytes.difference(timeMs);
    places.push({ seq, stream: head % 2 === 0 ? 'stdout' : 'stderr', timeMs });
    lengths.push(bytes.count());
  }
  return { places, lengths, text: bytes.text() };
}

export function linesOf({ places, lengths, text }: Lines): Line[] {
  let at = 0;
  return places.map((place, nth) => {
    const from = at;
    at += lengths[nth] ?? 0;
    return { ...place, line: text.slice(from, at) };
  });
}
