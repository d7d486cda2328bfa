import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { type DatasetProblem, MalloError } from '@mallo/contracts';
import { IMAGE_FILE } from '../images/open-image.js';
import type { Found } from '../zips/zip-listing.js';
import { isLeftBehind } from '../zips/zip-names.js';

/** An image to be taken, and where: `<className>/<fileName>`. `path` is how its owner knows it. */
export type Planned<Source> = { className: string; fileName: string; path: string; source: Source };

export type Arrangement<Source> = { images: Planned<Source>[]; classNames: string[]; problems: DatasetProblem[] };

const SPLITS = new Set(['train', 'training', 'val', 'valid', 'validation', 'test', 'testing']);
/** Bytes of a name that every file system takes, with room for a mark that tells two names apart. */
const NAME_MAX_BYTES = 200;

function isHidden(segments: string[]): boolean {
  // The trainer leaves out what begins with a dot.
  return segments.some((segment) => segment.startsWith('.'));
}

/** How many folders around everything say nothing: `pets/` in `pets/cat/1.jpg`, `pets/dog/2.jpg`. */
function depthOfClasses(images: string[][]): number {
  let depth = 0;
  for (;;) {
    const wrapper = images[0]?.[depth];
    const onlyWrapper = wrapper !== undefined && images.every((segments) => segments[depth] === wrapper);
    const below = images.filter((segments) => segments.length > depth + 2);
    const folders = new Set(below.map((segments) => segments[depth + 1]));
    if (!onlyWrapper || folders.size === 0 || (folders.size === 1 && below.length < images.length)) return depth;
    depth += 1;
  }
}

/** The names of `train`, `val`, `test` folders, where all first folders are such and hold class folders. */
function splitFolders(images: string[][], depth: number): string[] {
  const first = new Set(images.filter((segments) => segments.length > depth + 1).map((segments) => segments[depth]));
  const names = [...first].filter((name) => name !== undefined);
  const holdClasses = images.some((segments) => segments.length > depth + 2);
  return holdClasses && names.length > 0 && names.every((name) => SPLITS.has(name.toLowerCase())) ? names.sort() : [];
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_MAX_BYTES) return name;
  return createHash('sha256').update(name).digest('hex').slice(0, 32) + extname(name);
}

/** The file's own name, with the folders between class and file before it, told apart from those there already. */
function freeName(inner: string[], taken: Set<string>): string {
  const whole = shortened(inner.join('_'));
  const ending = extname(whole);
  let name = whole;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
    name = `${whole.slice(0, whole.length - ending.length)}_${number}${ending}`;
  }
  taken.add(name.toLowerCase());
  return name;
}

/**
 * Decides which files are images of which class. Classes are folders; a folder around all of them is seen through,
 * and `train`, `val`, `test` folders that hold the class folders are merged (the training splits by itself).
 * @throws MalloError request.invalid when a class's name is too long for a folder
 */
export function arrange<Source>(files: Found<Source>[], folders: string[][]): Arrangement<Source> {
  const problems: DatasetProblem[] = [];
  const ignored = ({ segments }: Found<Source>) => problems.push({ kind: 'ignored_file', path: segments.join('/') });
  const meant = files.filter((file) => !isLeftBehind(file.segments));
  const isImage = ({ segments }: Found<Source>) => IMAGE_FILE.test(segments.at(-1) ?? '') && !isHidden(segments);
  meant.filter((file) => !isImage(file)).forEach(ignored);
  const images = meant
    .filter(isImage)
    .map((file) => ({ ...file, path: file.segments.join('/') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

  const paths = images.map(({ segments }) => segments);
  const wrappers = depthOfClasses(paths);
  const splits = splitFolders(paths, wrappers);
  if (splits.length > 1) problems.push({ kind: 'merged_folders', path: splits.join(', ') });
  const depth = wrappers + (splits.length > 0 ? 1 : 0);

  const planned: Planned<Source>[] = [];
  const taken = new Map<string, Set<string>>();
  for (const image of images) {
    const className = image.segments[depth];
    if (className === undefined || image.segments.length < depth + 2) {
      ignored(image);
      continue;
    }
    if (Buffer.byteLength(className) > NAME_MAX_BYTES) {
      throw new MalloError('request.invalid', {
        problem: {
          en: `the folder name “${className}” is too long for a class`,
          ko: `폴더 이름 “${className}”이(가) 클래스 이름으로 쓰기에 너무 깁니다`,
        },
      });
    }
    const names = taken.get(className) ?? new Set();
    taken.set(className, names);
    const inner = [
      ...(splits.length > 1 ? image.segments.slice(wrappers, depth) : []),
      ...image.segments.slice(depth + 1),
    ];
    const fileName = freeName(inner, names);
    planned.push({ className, fileName, path: image.path, source: image.source });
  }
  // Folders beside those of the classes that have no images are empty classes.
  const around = (segments: string[]) => segments.slice(0, depth).join('/');
  const places = new Set(paths.map(around));
  const empty = folders
    .filter((folder) => places.has(around(folder)) && !isLeftBehind(folder) && !isHidden(folder))
    .flatMap((folder) => folder.slice(depth, depth + 1));
  const classNames = [...new Set([...taken.keys(), ...empty])].sort();
  return { images: planned, classNames, problems };
}
