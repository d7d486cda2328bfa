/**
 * A message in the form in which the grammar reads it (NFKC, lower case), with the way back: for each UTF-16
 * unit of `chars`, where in the original message the cluster it came from begins and ends.
 */
export type Text = { chars: string; spanOf(from: number, to: number): [number, number] };

/** Whether a text hides what it says: reversed in its direction, or with what cannot be seen or is of another script within a word. */
export function isDisguised(message: string): boolean {
  return (
    /[\u202a-\u202e\u2066-\u2069]|\p{L}[\u200b-\u200d\u2060\ufeff]\p{L}/u.test(message) ||
    /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u.test(
      message,
    )
  );
}

// A base character with what combines with it: accents, or the vowels and finals of decomposed Hangul (NFD, as
// macOS writes file names).
const CLUSTER = /.[\p{M}\u1160-\u11ff]*/gsu;

// What a person asks for stands at the beginning or the end of a long message; between them is what was pasted.
// Bounding what is read bounds the time it takes, whatever the text.
const READ_FROM_START = 2400;
const READ_FROM_END = 1200;

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

// Characters that are not seen: zero-width spaces and joiners, soft hyphens, marks of direction. (A joiner inside an
// emoji is of no use to the grammar either.)
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

function clustersOf(message: string): Text {
  let chars = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of message.matchAll(CLUSTER)) {
    // NFKC would make the ㄱㄱ and ㅇㅋ of a chat into the beginnings of syllables.
    const normal = (/^[ㄱ-ㅣ]$/.test(match[0]) ? match[0] : match[0].normalize('NFKC'))
      .toLowerCase()
      .replace(INVISIBLE, '');
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
