import { endings } from './endings.js';
import { conceptsByForm, counters, hangulWords, particles, words } from './lexicon.js';

const DIGITS: Record<string, number> = {
  영: 0,
  공: 0,
  일: 1,
  이: 2,
  삼: 3,
  사: 4,
  오: 5,
  육: 6,
  륙: 6,
  칠: 7,
  팔: 8,
  구: 9,
};
const UNITS: Record<string, number> = { 십: 10, 백: 100, 천: 1000 };
const GROUPS: Record<string, number> = { 만: 1e4, 억: 1e8 };

/** The value of a Sino-Korean numeral: 이백오십육 → 256, 영점영일 → 0.01; undefined where it is none. */
function sinoValue(text: string): number | undefined {
  if (text[1] === '점' && (text[0] === '영' || text[0] === '공')) return decimalValue(text.slice(2));
  if (text === '영' || text === '공') return 0;
  let total = 0;
  let group = 0;
  let digit: number | undefined;
  let lastUnit = Number.POSITIVE_INFINITY;
  for (const char of text) {
    const asDigit = DIGITS[char];
    const unit = UNITS[char];
    const size = GROUPS[char];
    if (asDigit) {
      if (digit !== undefined) return undefined;
      digit = asDigit;
    } else if (unit !== undefined) {
      if (unit >= lastUnit) return undefined;
      lastUnit = unit;
      group += (digit ?? 1) * unit;
      digit = undefined;
    } else if (size !== undefined) {
      total += (group + (digit ?? 0) || 1) * size;
      group = 0;
      digit = undefined;
      lastUnit = Number.POSITIVE_INFINITY;
    } else return undefined;
  }
  return total + group + (digit ?? 0);
}

function decimalValue(digits: string): number | undefined {
  const values = [...digits].map((char) => DIGITS[char]);
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return Number(`0.${values.join('')}`);
}

/** Native Korean numerals up to 아흔아홉: 스무 → 20, 스물다섯 → 25, 세 → 3. */
const nativeValues = new Map(Object.entries({ ...words.numbersKoNative, ...words.tensKoNative }));
for (const [ten, value] of Object.entries(words.tensKoNative)) {
  for (const [one, more] of Object.entries(words.numbersKoNative)) nativeValues.set(ten + one, value + more);
}

for (const [ten, value] of Object.entries(words.numbersKoEnglish)) {
  if (value < 10) continue;
  nativeValues.set(ten, value);
  if (value < 20 || value > 90) continue;
  for (const [one, more] of Object.entries(words.numbersKoEnglish))
    if (more < 10) nativeValues.set(ten + one, value + more);
}

/** The value of a Korean numeral; undefined where it is none. */
export function koreanNumber(text: string): number | undefined {
  return nativeValues.get(text) ?? sinoValue(text);
}

export type Piece = { text: string; kind: 'word' | 'number' | 'particle' | 'ending' | 'unknown' };

const LONGEST_WORD = 12;
// Costs: a known word is cheaper than unknown syllables, one long word cheaper than two short ones, and a word of
// one syllable so dear that it is taken only where nothing else explains the run.
const KNOWN = 2;
const ONE_SYLLABLE = 5;
const UNKNOWN = 4;
const UNKNOWN_SYLLABLE = 2.5;
const PARTICLE = 1.2;

type Step = { cost: number; from: number; kind: Piece['kind'] };

/**
 * Cuts a run of Hangul into words, particles, verb endings and what it does not know, by least cost (Viterbi over
 * the lexicon), so that it reads the same with or without spaces: 고양이데이터로학습해줘.
 * `extra` are words of this request alone, such as the names of its datasets; `attached` says that something
 * stands before it without a space (resnet50으로), so that it may begin with a particle.
 */
export function segment(run: string, extra: ReadonlySet<string>, attached: boolean): Piece[] {
  const best: (Step | undefined)[] = new Array(run.length + 1);
  const relax = (from: number, to: number, cost: number, kind: Piece['kind']): void => {
    const total = (from === 0 ? 0 : (best[from]?.cost ?? Number.POSITIVE_INFINITY)) + cost;
    if (total < (best[to]?.cost ?? Number.POSITIVE_INFINITY)) best[to] = { cost: total, from, kind };
  };
  for (let at = 0; at < run.length; at += 1) {
    if (at > 0 && !best[at]) continue;
    const before = best[at];
    const follows = at === 0 ? attached : before !== undefined;
    for (let to = at + 1; to <= Math.min(run.length, at + LONGEST_WORD); to += 1) {
      const text = run.slice(at, to);
      const length = to - at;
      if (extra.has(text)) relax(at, to, KNOWN - 0.5 + (length === 1 ? ONE_SYLLABLE : 0), 'word');
      if (hangulWords.has(text)) {
        relax(at, to, KNOWN + (length === 1 ? ONE_SYLLABLE : -0.15 * length), 'word');
      }
      if (follows && particles.has(text)) {
        relax(at, to, PARTICLE + (length === 1 ? 0.2 : 0), 'particle');
      }
      if (follows && endings.has(text)) {
        relax(at, to, PARTICLE + (length === 1 ? 0.4 : 0.3 * (length - 1)), 'ending');
      } else if (!follows && length > 1 && endings.has(text)) {
        // "세게 했으면 좋겠어요": what helps a verb is also written apart from it.
        relax(at, to, KNOWN + 0.3 * length, 'ending');
      }
      if (koreanNumber(text) !== undefined && (length > 1 || numeralFits(run, at, to, attached))) {
        relax(at, to, KNOWN, 'number');
      }
      relax(at, to, UNKNOWN + UNKNOWN_SYLLABLE * length, 'unknown');
    }
  }
  const pieces: Piece[] = [];
  for (let at = run.length; at > 0; ) {
    const step = best[at];
    if (!step) break;
    pieces.push({ text: run.slice(step.from, at), kind: step.kind });
    at = step.from;
  }
  return pieces.reverse();
}

function endsInQuantity(text: string): boolean {
  for (let length = 2; length <= Math.min(text.length, 6); length += 1) {
    if (conceptsByForm.get(text.slice(-length))?.some((concept) => concept.startsWith('hp.'))) return true;
  }
  return false;
}

/** A numeral of one syllable is one where it stands alone or a counter follows; 이 in 고양이 is none. */
function numeralFits(run: string, at: number, to: number, attached: boolean): boolean {
  // 배치팔: the numeral ends the run, right behind what it is of.
  if (at > 0 && to === run.length && endsInQuantity(run.slice(0, at))) return true;
  if (at > 0 && UNITS[run.slice(at, to)] === undefined) return false;
  if (to === run.length) return !attached;
  // 에폭은 백으로: whether it stands for a number is decided by the word before it.
  if (!attached && UNITS[run.slice(0, to)] !== undefined && ['로', '으로', '으로만', '의'].includes(run.slice(to)))
    return true;
  for (let end = to + 1; end <= Math.min(run.length, to + 6); end += 1) {
    if (counters.has(run.slice(to, end))) return true;
  }
  return false;
}
