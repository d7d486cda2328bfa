const NAME_MAX_LENGTH = 90;

/** The file's name without its ending, with a number where a dataset has that name already. */
export function freeName(fileName: string, taken: readonly string[]): string {
  const base =
    fileName
      .normalize('NFC')
      .replace(/\.zip$/i, '')
      .trim()
      .slice(0, NAME_MAX_LENGTH) || 'dataset';
  const isTaken = (name: string) => taken.some((other) => other.toLowerCase() === name.toLowerCase());
  let name = base;
  for (let number = 2; isTaken(name); number += 1) name = `${base} ${number}`;
  return name;
}
