/** A file or folder that a run logged, or a model of its: `path` is empty of the model itself. */
export type ArtifactRef = { model: string | null; path: string };

type ArtifactAddress = { artifact: ArtifactRef | null };

/** What of a run's artifacts is looked at, as the page's address has it. */
export function readArtifactAddress(params: URLSearchParams): ArtifactAddress {
  const model = params.get('model');
  const path = params.get('file') ?? '';
  return { artifact: model || path ? { model, path } : null };
}

export function writeArtifactAddress({ artifact }: ArtifactAddress, params: URLSearchParams): void {
  if (artifact?.model) params.set('model', artifact.model);
  else params.delete('model');
  if (artifact?.path) params.set('file', artifact.path);
  else params.delete('file');
}

export function isSame(one: ArtifactRef | null, other: ArtifactRef): boolean {
  return one?.model === other.model && one.path === other.path;
}

/** Whether what is looked at lies somewhere under a folder. */
export function isUnder(ref: ArtifactRef | null, folder: ArtifactRef): boolean {
  return ref?.model === folder.model && ref.path !== folder.path && ref.path.startsWith(inFolder(folder.path));
}

/** What the paths of all in a folder begin with. */
export function inFolder(path: string): string {
  return path === '' ? '' : `${path}/`;
}

/** Where something lies as MLflow's programs write it. */
export function uriOf(runId: string, { model, path }: ArtifactRef): string {
  return [model ? `models:/${model}` : `runs:/${runId}`, path].filter(Boolean).join('/');
}
