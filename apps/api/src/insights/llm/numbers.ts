/** Units as they are written after a number; the ones before it are of English, “epoch 12”, and of Korean lists. */
const UNITS: [unit: string, pattern: string][] = [
  ['points', '%p|퍼센트\\s?포인트|포인트|percentage points?|points?|pp'],
  ['percent', '%|퍼센트|프로(?!그|젝)|percent'],
  ['epoch', '(?:번째\\s*)?(?:에폭|에포크)|(?:(?:st|nd|rd|th) )?epochs?'],
  ['step', '(?:번째\\s*)?스텝|(?:(?:st|nd|rd|th) )?steps?'],
  ['batch', '(?:번째\\s*)?배치|batch(?:es)?'],
  ['image', '장|(?:[a-z]+ ){0,2}images?'],
  ['pixel', '픽셀|px|pixels?'],
  ['TB', 'TB'],
  ['GB', 'GB'],
  ['MB', 'MB'],
  ['KB', 'KB'],
  ['day', '일|days?'],
  ['hour', '시간|hours?|hr'],
  ['minute', '분|minutes?|min'],
  ['second', '초|seconds?|secs?'],
];
const AFTER = UNITS.map(([unit, pattern]) => [unit, new RegExp(`^\\s?(?:${pattern})(?![A-Za-z])`, 'i')] as const);
const BEFORE = UNITS.slice(2, 5).map(
  ([unit, pattern]) => [unit, new RegExp(`(?<![A-Za-z])(?:${pattern})\\s?$`, 'i')] as const,
);

/** What a number is multiplied by, in powers of ten: 2,556만, 25.6 million, 1.4k. */
const MAGNITUDES: [power: number, pattern: RegExp][] = [
  [2, /^백(?!만)/],
  [3, /^(?:천(?!만)|k(?![A-Za-z])| ?thousand)/i],
  [4, /^만/],
  [6, /^(?:백만|M(?![A-Za-z])| ?million)/],
  [7, /^천만/],
  [8, /^억/],
  [9, /^(?:B(?![A-Za-z])| ?billion)/],
];
const JOINED_BEFORE = /[\p{Script=Latin}\p{N}_][-−.,]?$/u;
const JOINED_AFTER = /^(?:[\p{Script=Latin}\p{N}_]|[-.]\d)/u;
const NUMBER = /\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** Rounding may change a figure by no more than this share of it. */
const ROUNDING = 0.05;

/** A number in a text, with the precision in which it is written. */
export type WrittenNumber = {
  span: [number, number];
  value: number;
  /** Digits after the decimal point; fewer than none where it was written in thousands. */
  decimals: number;
  unit: string | null;
  /** Whether it is only a piece of something longer: of resnet18, v2, 1.0.0, 3x. */
  isPartOfWord: boolean;
};

/** The numbers of a text, in their order. A number within a word, such as resnet18, is among them. */
export function numbersIn(text: string): WrittenNumber[] {
  return [...text.matchAll(NUMBER)].map(({ 0: found, index }) => {
    const written = found.replace(/,+$/, '');
    const end = index + written.length;
    const [power = 0, multiplier] = MAGNITUDES.find(([, pattern]) => pattern.test(text.slice(end))) ?? [];
    const word = multiplier?.exec(text.slice(end))?.[0] ?? '';
    const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
    const fraction = mantissa.split('.')[1]?.length ?? 0;
    const [rest, before] = [text.slice(end + word.length), text.slice(0, index)];
    const unit = (AFTER.find(([, pattern]) => pattern.test(rest)) ??
      BEFORE.find(([, pattern]) => pattern.test(before)))?.[0];
    return {
      span: [index, end],
      value: Number(written.replaceAll(',', '')) * 10 ** power,
      decimals: fraction - Number(exponent) - power,
      unit: unit ?? null,
      isPartOfWord: JOINED_BEFORE.test(before) || (!unit && JOINED_AFTER.test(rest)),
    };
  });
}

function isRounded(written: WrittenNumber, value: number): boolean {
  const off = Math.abs(written.value - value);
  return off <= 0.5 * 10 ** -written.decimals + 1e-12 && off <= ROUNDING * Math.abs(value) + 1e-12;
}

/** Whether a number says the same as a known one, perhaps rounded, or a share where the other is a percentage. */
export function saysSame(written: WrittenNumber, known: WrittenNumber): boolean {
  if (written.unit === known.unit) return isRounded(written, known.value);
  if (known.unit === 'percent')
    return written.unit === null && written.decimals >= 2 && isRounded(written, known.value / 100);
  if (written.unit === 'percent')
    return known.unit === null && known.value < 1 && isRounded(written, known.value * 100);
  return (written.unit === null || known.unit === null) && written.unit !== 'points' && isRounded(written, known.value);
}
