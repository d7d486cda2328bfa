/** Every run of up to so many characters of a name is indexed: Korean is searched by two, and even one says something. */
const LONGEST = 3;

/** A text as it is searched: without case, and with the same letter always written in the same way. */
export function searchTextOf(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A model's name as it is kept, and what it is found by. A file or a dataset from macOS may have given it decomposed. */
export function searchable(name: string): { name: string; searchName: string } {
  return { name: name.normalize('NFC'), searchName: searchTextOf(name) };
}

/** The fewest runs that every text holding this one has; where it is longer than a run, some other texts have them too. */
export function gramsToFind(searchText: string): string[] {
  const characters = [...searchText];
  if (characters.length <= LONGEST) return characters.length === 0 ? [] : [searchText];
  const runs = characters.slice(LONGEST - 1).map((_, at) => characters.slice(at, at + LONGEST).join(''));
  return [...new Set(runs)];
}
