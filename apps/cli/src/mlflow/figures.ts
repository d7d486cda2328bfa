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
