import { ResourceName } from '@mallo/contracts';

const NAME_MAX_LENGTH = 90;

/**
 * The file's name without its ending and without what a dataset's name may not have, with a number where a dataset has
 * that name already.
 */
export function freeName(fileName: string, taken: readonly string[]): string {
  const letters = [...fileName.normalize('NFC').replace(/\.zip$/i, '')].filter(
    (letter) => ResourceName.safeParse(`a${letter}a`).success,
  );
  // No half of a letter is left at the end.
  const short = letters
    .join('')
    .trim()
    .slice(0, NAME_MAX_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '');
  const base = ResourceName.safeParse(short).data ?? 'dataset';
  const isTaken = (name: string) => taken.some((other) => other.toLowerCase() === name.toLowerCase());
  let name = base;
  for (let number = 2; isTaken(name); number += 1) name = `${base} ${number}`;
  return name;
}
