import { MlflowError } from './mlflow.js';

/**
 * A place in a project's artifact root. `root` is what comes before and with the folder `artifacts` of a run or logged
 * model (`0/run_…/artifacts`); in it folders are listed. Both are empty for the artifact root itself.
 */
export type ArtifactPlace = { root: string; path: string };

/** An entry of an index of PostgreSQL holds 2,700 bytes, and a file's name on a disk 255. */
const PATH_BYTES = 2_000;
const NAME_BYTES = 255;

const invalid = () => new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');

/**
 * Reads a path as MLflow does (`validate_path_is_safe`): decoded until nothing changes, so that nothing hides in an
 * escape, and control characters escaped again. Names may be of any script.
 * @throws MlflowError INVALID_PARAMETER_VALUE of one that is absolute, leads out of its folder or could elsewhere
 */
export function placeOf(given: string): ArtifactPlace {
  const decoded = decodedWhole(given);
  if (decoded.includes('\0') || !decoded.isWellFormed()) throw invalid();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  const text = decoded.replace(/[\x01-\x1f\x7f]/g, escaped);
  if (/[#\\]|^\/|^[a-z][a-z0-9+.-]*:/i.test(text)) throw invalid();
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.some((segment) => segment === '..' || byteLength(segment) > NAME_BYTES)) throw invalid();
  if (byteLength(segments.join('/')) > PATH_BYTES) throw invalid();
  const end = segments.indexOf('artifacts') + 1;
  return { root: segments.slice(0, end).join('/'), path: segments.slice(end).join('/') };
}

/** The place of a file that is named by a path of the sender's machine, under a folder. */
export function placeUnder(folder: string, localFile: string): ArtifactPlace {
  const name = localFile.split(/[/\\]/).at(-1) ?? '';
  return placeOf(`${folder}/${name}`);
}

/** A place as its path from the artifact root. */
export function pathOf({ root, path }: ArtifactPlace): string {
  return [root, path].filter((part) => part !== '').join('/');
}

/** Whether a path means the same wherever MLflow's API takes it: nothing of it is decoded, left out or refused. */
export function isPlainPath(path: string): boolean {
  try {
    return path !== '' && pathOf(placeOf(path)) === path;
  } catch (error) {
    if (error instanceof MlflowError) return false;
    throw error;
  }
}

/** The run whose folder a place is in, if it is a run's. */
export function runOf({ root }: ArtifactPlace): string | undefined {
  return /^\w+\/(run_\w+)\/artifacts$/.exec(root)?.[1];
}

/** What the paths of all files in a folder begin with. */
export function inFolder(path: string): string {
  return path === '' ? '' : `${path}/`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function decodedWhole(given: string): string {
  let text = given;
  for (let times = 0; times < 10; times += 1) {
    const next = text.replace(/(?:%[0-9a-f]{2})+/gi, decodedPart);
    if (next === text) return text;
    text = next;
  }
  throw invalid();
}

function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Bytes that are no UTF-8 say nothing; they stay as they are written.
    return part;
  }
}
