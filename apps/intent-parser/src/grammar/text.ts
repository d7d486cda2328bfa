/**
 * A message in the form in which the grammar reads it (NFKC, lower case), with the way back: for each UTF-16
 * unit of `chars`, where in the original message the cluster it came from begins and ends.
 */
export type Text = { chars: string; spanOf(from: number, to: number): [number, number] };

// A base character with what combines with it: accents, or the vowels and finals of decomposed Hangul (NFD, as
// macOS writes file names).
const CLUSTER = /.[\p{M}\u1160-\u11ff]*/gsu;

export function normalise(message: string): Text {
  let chars = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of message.matchAll(CLUSTER)) {
    const normal = match[0].normalize('NFKC').toLowerCase();
    for (let unit = 0; unit < normal.length; unit += 1) {
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
    chars += normal;
  }
  return {
    chars,
    spanOf: (from, to) => [starts[from] ?? message.length, ends[to - 1] ?? message.length],
  };
}
