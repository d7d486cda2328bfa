import { type ImportedVersion, LoggedModelId, RunId } from '@mallo/contracts';

export function isRunId(text: string): boolean {
  return RunId.safeParse(text).success;
}

export function isLoggedModelId(text: string): boolean {
  return LoggedModelId.safeParse(text).success;
}

/** Where the files of a version were logged, from what it says of itself; null when that is no run or logged model. */
export function filesOf({
  source,
  storage,
  modelId,
}: {
  source: string;
  storage: string;
  modelId: string;
}): ImportedVersion['files'] {
  for (const place of [source, storage]) {
    const [, alone = ''] = /^models:\/([^/@]+)$/.exec(place) ?? [];
    if (isLoggedModelId(alone)) return { of: 'logged model', id: alone, path: '' };
    const [, run = '', path = ''] = /^runs:\/([^/]+)\/?(.*)$/s.exec(place) ?? [];
    if (isRunId(run)) return { of: 'run', id: run, path: trimmed(path) };
    const [, model = '', within = ''] = /\/models\/(m-[0-9a-zA-Z]+)\/artifacts(?:\/(.*))?$/s.exec(place) ?? [];
    if (isLoggedModelId(model)) return { of: 'logged model', id: model, path: trimmed(within) };
    const [, owner = '', below = ''] = /\/([^/]+)\/artifacts(?:\/(.*))?$/s.exec(place) ?? [];
    if (isRunId(owner)) return { of: 'run', id: owner, path: trimmed(below) };
  }
  return isLoggedModelId(modelId) ? { of: 'logged model', id: modelId, path: '' } : null;
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

/** A path in an address, its names escaped. */
export function escapedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
