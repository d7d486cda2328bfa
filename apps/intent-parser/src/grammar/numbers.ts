import { koreanNumber } from './korean.js';
import { conceptsByForm, counters, words } from './lexicon.js';
import type { Token } from './tokens.js';

export type ParsedNumber = {
  value: number;
  /** Token index behind the number. */
  to: number;
  percent: boolean;
  /** Written in digits, so that it may stand in a list without commas. */
  digits: boolean;
  /** Said as a part of a whole: 십분의 일, a third. */
  fraction?: boolean;
};

const KOREAN_MULTIPLIERS: Record<string, number> = {
  백: 100,
  천: 1000,
  만: 10_000,
  십만: 100_000,
  백만: 1_000_000,
  천만: 1e7,
  억: 1e8,
};
const ZEROS_TO_NINE = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'oh'];

const isText = (token: Token | undefined, ...texts: string[]) => token !== undefined && texts.includes(token.text);

function digitsValue(token: Token): number {
  // 0,001 is how half of the world writes 0.001; no thousands begin with a zero.
  return Number(/^0,\d+$/.test(token.text) ? token.text.replace(',', '.') : token.text.replaceAll(',', ''));
}

/** A small whole number in digits or Korean, as an exponent or a denominator is written. */
function plainNumber(token: Token | undefined): number | undefined {
  if (token?.kind === 'number' && /^\d/.test(token.text)) return digitsValue(token);
  return token && (koreanNumber(token.text) ?? words.numbersEn[token.text]);
}

/** `^-3`, `** -3`, `의 마이너스 3승`, `to the minus three`: the exponent and where it ends. */
function parseExponent(tokens: Token[], at: number): { exponent: number; to: number } | undefined {
  let i = at;
  let korean = false;
  if (isText(tokens[i], '^')) i += 1;
  else if (isText(tokens[i], '*') && isText(tokens[i + 1], '*')) i += 2;
  else if (isText(tokens[i], '의')) {
    i += 1;
    korean = true;
  } else if (isText(tokens[i], 'to') && isText(tokens[i + 1], 'the')) {
    i += 2;
    if (isText(tokens[i], 'power') && isText(tokens[i + 1], 'of')) i += 2;
  } else return undefined;
  const negative = isText(tokens[i], '-', '−', '마이너스', 'minus', 'negative');
  if (negative) i += 1;
  const value = plainNumber(tokens[i]);
  if (value === undefined) return undefined;
  i += 1;
  if (isText(tokens[i], '승', '제곱')) i += 1;
  else if (korean) return undefined;
  return { exponent: negative ? -value : value, to: i };
}

/** The denominator of ten-thousandths and hundred-thousandths, whose first word is a number as well. */
function compoundFraction(tokens: Token[], at: number): { denominator: number; to: number } | undefined {
  const times = { ten: 10, hundred: 100 }[tokens[at]?.text ?? ''];
  if (!times) return undefined;
  const next = isText(tokens[at + 1], '-') ? at + 2 : at + 1;
  const fraction = words.fractionsEn[tokens[next]?.text ?? ''];
  return fraction && fraction >= 100 ? { denominator: times * fraction, to: next + 1 } : undefined;
}

/** "one in a thousand", "1 in 1000" */
function oneIn(tokens: Token[], at: number): { value: number; to: number } | undefined {
  if (!isText(tokens[at], '1', 'one') || !isText(tokens[at + 1], 'in')) return undefined;
  const of =
    tokens[at + 2]?.kind === 'number'
      ? { value: digitsValue(tokens[at + 2] as Token), to: at + 3 }
      : parseEnglish(tokens, at + 2);
  return of && of.value >= 10 ? { value: 1 / of.value, to: of.to } : undefined;
}

/** Whether what is read in pairs of digits here is a size in pixels. */
function readInPairs(tokens: Token[], at: number): boolean {
  const behind = tokens.slice(at + 1, at + 3).map((token) => token.text);
  const before = tokens.slice(Math.max(0, at - 3), at - 1).map((token) => token.text);
  return (
    behind.some((text) => ['pixel', 'pixels', 'px'].includes(text)) ||
    before.some((text) => ['at', 'size', 'resolution'].includes(text))
  );
}

/** Twenty five, one hundred and twenty eight, ten thousand, one thousandth, point zero one. */
function parseEnglish(tokens: Token[], at: number): { value: number; to: number; fraction?: boolean } | undefined {
  let i = at;
  let total = 0;
  let current: number | undefined;
  // "half a dozen", "half a million"
  const whole = words.multipliersEn[tokens[i + 2]?.text ?? ''];
  if (isText(tokens[i], 'half') && isText(tokens[i + 1], 'a') && whole && whole >= 12)
    return { value: whole / 2, to: i + 3 };
  // "quarter of the images"
  const part = words.fractionsEn[tokens[i]?.text ?? ''];
  if (part && isText(tokens[i + 1], 'of') && !tokens[i]?.text.endsWith('s')) return { value: 1 / part, to: i + 1 };
  if (isText(tokens[i], 'one') && isText(tokens[i + 1], 'half')) return { value: 0.5, to: i + 2 };
  const article = isText(tokens[i], 'a', 'an');
  if (article) {
    if (
      !tokens[i + 1] ||
      (words.multipliersEn[tokens[i + 1]?.text ?? ''] ?? words.fractionsEn[tokens[i + 1]?.text ?? '']) === undefined
    ) {
      return undefined;
    }
    if ((tokens[i + 1]?.text.length ?? 0) < 3) return undefined;
    current = 1;
    i += 1;
  }
  for (; i < tokens.length; i += 1) {
    const text = tokens[i]?.text ?? '';
    const value = words.numbersEn[text];
    const multiplier = text.length > 1 ? words.multipliersEn[text] : undefined;
    const fraction = words.fractionsEn[text];
    const compound = current === undefined ? undefined : compoundFraction(tokens, i);
    if (compound) return { value: (total + (current ?? 0)) / compound.denominator, to: compound.to };
    // "six forty", "two twenty-four"
    const asRead = current !== undefined && current > 0 && current < 20 && value !== undefined && value >= 10;
    if (asRead && value !== undefined && readInPairs(tokens, i)) {
      current = (current ?? 0) * 100 + value;
    } else if (
      value !== undefined &&
      (current === undefined ||
        (current % 100 === 0 && value < 100) ||
        (current % 10 === 0 && current % 100 >= 20 && value < 10))
    ) {
      current = (current ?? 0) + value;
    } else if (multiplier !== undefined && current !== undefined) {
      if (multiplier === 100) current *= 100;
      else {
        total += current * multiplier;
        current = 0;
      }
    } else if (fraction !== undefined && current !== undefined) {
      return { value: (total + current) / fraction, to: i + 1, fraction: article };
    } else if (text === 'point' && ZEROS_TO_NINE.includes(tokens[i + 1]?.text ?? '')) {
      let decimals = '';
      let j = i + 1;
      for (; ZEROS_TO_NINE.includes(tokens[j]?.text ?? ''); j += 1)
        decimals += ZEROS_TO_NINE.indexOf(tokens[j]?.text ?? '') % 10;
      return { value: total + (current ?? 0) + Number(`0.${decimals}`), to: j };
    } else if (
      isText(tokens[i], 'and') &&
      current !== undefined &&
      current % 100 === 0 &&
      current > 0 &&
      words.numbersEn[tokens[i + 1]?.text ?? ''] !== undefined
    ) {
      // one hundred and twenty
    } else if (text === '-' && current !== undefined && words.numbersEn[tokens[i + 1]?.text ?? ''] !== undefined) {
      // twenty-five
    } else break;
  }
  if (current === undefined || i === at + (article ? 1 : 0)) return undefined;
  return { value: total + current, to: i };
}

/** Whether a numeral that is also an everyday word (이, 한, one) is meant as a number here. */
function standsForNumber(tokens: Token[], at: number): boolean {
  const after = tokens[at + 1]?.text ?? '';
  const before = tokens[at - 1]?.text ?? '';
  const quantity = (text: string) => (conceptsByForm.get(text) ?? []).some((id) => id.startsWith('hp.'));
  return (
    counters.has(after) ||
    // "one, four and sixteen"
    ((after === ',' || after === 'and') && words.numbersEn[tokens[at + 2]?.text ?? ''] !== undefined) ||
    // 십의 마이너스 사 승
    (after === '의' && (isText(tokens[at + 2], '-', '마이너스') || isText(tokens[at + 3], '승', '제곱'))) ||
    quantity(after) ||
    before === '분의' ||
    before === '승' ||
    quantity(before) ||
    before === '=' ||
    quantity(tokens[at - 2]?.text ?? '')
  );
}

function parseBare(
  tokens: Token[],
  at: number,
): { value: number; to: number; digits: boolean; fraction?: boolean } | undefined {
  const token = tokens[at];
  if (!token) return undefined;
  if (token.kind === 'number') {
    if (/^[\d.]/.test(token.text)) return { value: digitsValue(token), to: at + 1, digits: true };
    const value = koreanNumber(token.text);
    // 한 스물다섯: about twenty-five.
    if (token.text === '한' && tokens[at + 1]?.kind === 'number') return undefined;
    if (value === undefined || (token.text.length === 1 && !standsForNumber(tokens, at))) return undefined;
    return { value, to: at + 1, digits: false };
  }
  if (token.kind === 'latin') {
    const english = parseEnglish(tokens, at);
    if (!english) return undefined;
    if (english.to === at + 1 && ['one', 'single'].includes(token.text) && !standsForNumber(tokens, at))
      return undefined;
    return { ...english, digits: false };
  }
  return undefined;
}

/** The number that begins at a token, however it is written; undefined where there is none. */
export function parseNumber(tokens: Token[], at: number): ParsedNumber | undefined {
  let i = at;
  let sign = 1;
  const first = tokens[i];
  const previous = tokens[i - 1];
  if (isText(first, '-', '−') && tokens[i + 1]?.kind === 'number' && !tokens[i + 1]?.spaced) {
    // A hyphen between two things joins them (1-5, resnet-50); one that begins a number makes it negative.
    if (!first?.spaced && previous && !['=', ':', '(', ','].includes(previous.text)) return undefined;
    sign = -1;
    i += 1;
  } else if (isText(first, '마이너스', 'minus', 'negative')) {
    sign = -1;
    i += 1;
  }
  const share = oneIn(tokens, i);
  if (share) return { ...share, percent: false, digits: false };
  const bare = parseBare(tokens, i);
  if (!bare) return undefined;
  let { value, to } = bare;
  let percent = false;
  // "three e minus four"
  const small =
    isText(tokens[to], 'e') && isText(tokens[to + 1], 'minus', '-') ? plainNumber(tokens[to + 2]) : undefined;
  if (small !== undefined && small <= 300) {
    value = Number((value * 10 ** -small).toPrecision(12));
    to += 3;
  }

  const times = isText(tokens[to], 'x', '×', '*', '·', 'times', '곱하기') && isText(tokens[to + 1], '10', 'ten', '십');
  const power = parseExponent(tokens, times ? to + 2 : to);
  if (power && Math.abs(power.exponent) <= 300) {
    value = times ? value * 10 ** power.exponent : value ** power.exponent;
    // 10 ** -3 is 0.001000…002 in floating point.
    value = Number(value.toPrecision(12));
    to = power.to;
  } else if (isText(tokens[to], '분의')) {
    const numerator = plainNumber(tokens[to + 1]);
    if (numerator !== undefined && value !== 0)
      return { value: (sign * numerator) / value, to: to + 2, percent: false, digits: false, fraction: true };
  } else if (
    isText(tokens[to], '/') &&
    value === 1 &&
    tokens[to + 1]?.kind === 'number' &&
    !isText(tokens[to + 2], '/')
  ) {
    const denominator = digitsValue(tokens[to + 1] as Token);
    const fraction = denominator <= 10;
    if (denominator > 1)
      return { value: sign / denominator, to: to + 2, percent: false, digits: false, ...(fraction && { fraction }) };
  }
  // 3 ten-thousandths, 5 hundredths.
  const fraction = words.fractionsEn[tokens[to]?.text ?? ''];
  const part =
    compoundFraction(tokens, to) ??
    (fraction !== undefined && fraction >= 10 ? { denominator: fraction, to: to + 1 } : undefined);
  if (bare.digits && part) {
    return { value: (sign * value) / part.denominator, to: part.to, percent: false, digits: false };
  }
  const next = tokens[to];
  if (next && !next.spaced && bare.digits && KOREAN_MULTIPLIERS[next.text] !== undefined) {
    value *= KOREAN_MULTIPLIERS[next.text] ?? 1;
    to += 1;
  } else if (
    next &&
    bare.digits &&
    (next.text === 'k' ? !next.spaced : ['dozen', 'hundred', 'thousand', 'million', 'billion'].includes(next.text))
  ) {
    value *= words.multipliersEn[next.text] ?? 1;
    to += 1;
  }
  if (isText(tokens[to], '%', '퍼센트', '프로', 'percent', 'pct')) {
    percent = true;
    to += 1;
  }
  return { value: sign * value, to, percent, digits: bare.digits, ...(bare.fraction && { fraction: true }) };
}
