// How a word sounds, roughly enough that an English word and its Hangul spelling (blister, 블리스터) sound the same: its
// consonants in eight classes, and its first vowel. ㅡ only helps a consonant in such words, and final r is not heard.

const ONSETS = ['k', 'k', 'n', 't', 't', 'l', 'm', 'p', 'p', 's', 's', '', 'c', 'c', 'c', 'k', 't', 'p', 'h'];
// Loanwords are written with these finals alone (외래어 표기법 1장 3항); other words are none.
const FINALS = new Map([
  [0, ''],
  [1, 'k'],
  [4, 'n'],
  [8, 'l'],
  [16, 'm'],
  [17, 'p'],
  [19, 't'],
  [21, 'n'],
]);
// The letters that each vowel of Hangul, ㅏ to ㅣ, may stand for.
const VOWELS = 'ao|ae|ayi|ae|eaou|ae|e|e|o|oau|oa|o|o|ou|ow|ew|iu|u||i|iey'.split('|');
const HELPS = 18;
const TENSE = /[\u1101\u1104\u1108\u110a\u110d]/;

const MOST_VARIANTS = 8;
const SPELLINGS: [RegExp, string[]][] = [
  [/^(tion|sion)/, ['sn', 'cn']],
  [/^tch/, ['c', 'tc']],
  [/^dge?/, ['c', 'tc', 't']],
  [/^sch/, ['sk', 's']],
  [/^sh/, ['s']],
  [/^ch/, ['c', 'k']],
  [/^ph/, ['p']],
  [/^gh/, ['', 'k']],
  [/^th/, ['s', 't']],
  [/^ck/, ['k']],
  [/^ng$/, ['n']],
  [/^c(?=[eiy])/, ['s']],
  [/^g(?=[eiy])/, ['c', 'k']],
  [/^s$/, ['s', 'c']],
  [/^s(?=[aeiou])/, ['s', 'c']],
  [/^x/, ['ks']],
  [/^z/, ['c', 's']],
  [/^j/, ['c']],
  [/^[ckgq]/, ['k']],
  [/^[bpfv]/, ['p']],
  [/^[td]/, ['t']],
  [/^l/, ['l']],
  [/^r(?=[aeiouy])/, ['l']],
  [/^h(?=[aeiouy])/, ['h', '']],
  [/^s/, ['s']],
  [/^m/, ['m']],
  [/^n/, ['n']],
];

const once = (sound: string) => sound.replace(/(.)\1+/g, '$1');

/** What an English word may sound like, its first vowel's letter before its consonants: lens → encs. Plain letters only. */
export function soundsOfLatin(word: string): string[] {
  if (!/^[a-z]{3,20}$/.test(word)) return [];
  const vowel = /[aeiou]|(?!^)y/.exec(word)?.[0] ?? '';
  let sounds = [''];
  for (let rest = word; rest; ) {
    const [spelling, heard] = SPELLINGS.find(([pattern]) => pattern.test(rest)) ?? [undefined, ['']];
    sounds = sounds.flatMap((sound) => heard.map((more) => sound + more)).slice(0, MOST_VARIANTS);
    rest = rest.slice(spelling?.exec(rest)?.[0].length ?? 1);
  }
  return [...new Set(sounds.map(once))].filter((sound) => sound.length > 1).map((sound) => vowel + sound);
}

/** What a word in Hangul sounds like, with each letter that its first vowel may be spelt by; none for what is no loanword. */
export function soundsOfHangul(word: string): string[] {
  if (!/^[가-힣]{2,10}$/.test(word)) return [];
  let sound = '';
  let vowels: string | undefined;
  for (const syllable of word) {
    const code = syllable.charCodeAt(0) - 0xac00;
    const [onset, vowel, final] = [Math.floor(code / 588), Math.floor(code / 28) % 21, FINALS.get(code % 28)];
    if (final === undefined) return [];
    sound += (ONSETS[onset] ?? '') + final;
    if (vowel !== HELPS) vowels ??= VOWELS[vowel];
  }
  const heard = once(sound);
  // Few loanwords of so few consonants end like a verb (풀어 is no flower) or have a tense one (써줘).
  if (heard.length < 3 && (/[아어다고네요지자서면]$/.test(word) || TENSE.test(word.normalize('NFD')))) return [];
  return heard.length > 1 ? [...(vowels ?? '')].map((vowel) => vowel + heard) : [];
}
