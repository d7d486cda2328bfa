import type { RegisteredModel, RunSummary } from '@mallo/contracts';
import type { ProjectEvidence, VersionOfModel } from '../evidence.service.js';

const key = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/gu, '');

/** The run of that id or name; names that differ in case and separators only are the same. */
export function findRun(wanted: string, runs: readonly RunSummary[]): RunSummary | undefined {
  return (
    runs.find(({ id }) => id === wanted) ??
    runs.find(({ name }) => name === wanted) ??
    runs.find(({ name }) => key(name) === key(wanted))
  );
}

function findModel(wanted: string, models: readonly RegisteredModel[]): RegisteredModel | undefined {
  return models.find(({ name }) => name === wanted) ?? models.find(({ name }) => key(name) === key(wanted));
}

/** The version that `pets`, `pets@1.1.0` or `pets` with a version means; without one the newest. */
export function findVersion(
  wanted: string,
  { models }: Pick<ProjectEvidence, 'models'>,
  said?: string,
): VersionOfModel | undefined {
  const at = wanted.lastIndexOf('@');
  const [name, version] = at > 0 ? [wanted.slice(0, at), wanted.slice(at + 1)] : [wanted, said];
  const model = findModel(wanted, models) ?? findModel(name, models);
  const found = version ? model?.versions.find((one) => one.version === version) : model?.versions[0];
  return model && found ? { model, version: found } : undefined;
}
