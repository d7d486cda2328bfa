/** Every run of up to so many characters of a name is indexed: Korean is searched by two, and even one says something. */
const LONGEST = 3;

/** A text as it is searched: without case, and with the same letter always written in the same way. */
export function searchTextOf(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Every run of one to three characters of a searched text. */
export function gramsOf(searchText: string): string[] {
  const characters = [...searchText];
  const grams = characters.flatMap((_, at) =>
    Array.from({ length: Math.min(LONGEST, characters.length - at) }, (_, more) =>
      characters.slice(at, at + more + 1).join(''),
    ),
  );
  return [...new Set(grams)];
}

/** A model's name, and what it is found by. */
export function searchable(name: string): { name: string; searchName: string; searchGrams: string[] } {
  const searchName = searchTextOf(name);
  return { name, searchName, searchGrams: gramsOf(searchName) };
}

/** The fewest runs that every text holding this one has; where it is longer than a run, some other texts have them too. */
export function gramsToFind(searchText: string): string[] {
  const characters = [...searchText];
  if (characters.length <= LONGEST) return characters.length === 0 ? [] : [searchText];
  return gramsOf(searchText).filter((gram) => [...gram].length === LONGEST);
}
