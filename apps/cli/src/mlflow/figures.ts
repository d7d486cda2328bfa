import { byteSize } from '@mallo/client';

/** What is counted of an import or an export. */
export type Shown = {
  experiments: number;
  runs: number;
  points: number;
  loggedModels: number;
  files: number;
  bytes: number;
  models: number;
  versions: number;
};

/** Counts as they are read. */
export function figures({ bytes, ...counts }: Shown): Record<keyof Shown, string> {
  const numbers = Object.entries(counts).map(([name, count]) => [name, count.toLocaleString('en')]);
  return { ...Object.fromEntries(numbers), bytes: byteSize(bytes) };
}
