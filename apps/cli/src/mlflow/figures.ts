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

/** Bytes as people read them. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** at).toFixed(at === 0 ? 0 : 1)} ${units[at]}`;
}
