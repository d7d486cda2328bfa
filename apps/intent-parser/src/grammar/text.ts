/**
 * A message in the form in which the grammar reads it (NFKC, lower case), with the way back: for each UTF-16
 * unit of `chars`, where in the original message the cluster it came from begins and ends.
 */
export type Text = { chars: string; spanOf(from: number, to: number): [number, number] };

// A base character with what combines with it: accents, or the vowels and finals of decomposed Hangul (NFD, as
// macOS writes file names).
const CLUSTER = /.[\p{M}\u1160-\u11ff]*/gsu;

// What a person asks for stands at the beginning or the end of a long message; between them is what was pasted.
// Bounding what is read bounds the time it takes, whatever the text.
const READ_FROM_START = 3000;
const READ_FROM_END = 1500;

/** The part of a long message that is left unread; empty for all others. */
export function unreadPart(message: string): string {
  return message.length > READ_FROM_START + READ_FROM_END ? message.slice(READ_FROM_START, -READ_FROM_END) : '';
}

export function normalise(message: string): Text {
  const unread = unreadPart(message).length;
  if (unread === 0) return clustersOf(message);
  const head = clustersOf(message.slice(0, READ_FROM_START));
  const tail = clustersOf(message.slice(READ_FROM_START + unread));
  const join = head.chars.length + 1;
  const inTail = (span: [number, number]): [number, number] => [
    span[0] + READ_FROM_START + unread,
    span[1] + READ_FROM_START + unread,
  ];
  return {
    chars: `${head.chars}\n${tail.chars}`,
    spanOf: (from, to) => {
      if (to <= head.chars.length) return head.spanOf(from, to);
      if (from >= join) return inTail(tail.spanOf(from - join, to - join));
      return [head.spanOf(from, from + 1)[0], inTail(tail.spanOf(0, Math.max(1, to - join)))[1]];
    },
  };
}

function clustersOf(message: string): Text {
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
