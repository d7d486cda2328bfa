import type { AnswerSentence, AnswerSource, Dataset, Locale } from '@mallo/contracts';
import { linked } from './sentence.js';

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
const DURATION_UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;
/** A learning rate below this reads better as 1e-5. */
const SMALL = 0.0001;

const formatted = (value: number, options: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat('en', options).format(value);

/** Where a run can be seen, or one point of one of its curves. */
export function runSource(
  run: { id: string; name: string },
  key: string | null = null,
  step: number | null = null,
): AnswerSource {
  return { kind: 'run', runId: run.id, name: run.name, key, step };
}

export function modelSource(modelId: string, name: string, version: string): AnswerSource {
  return { kind: 'model', modelId, name, version };
}

export function datasetSource({ id, name }: Pick<Dataset, 'id' | 'name'>): AnswerSource {
  return { kind: 'dataset', datasetId: id, name };
}

/** A share of one as 95.6%. */
export function percent(share: number, source: AnswerSource): AnswerSentence {
  return linked(`${(share * 100).toFixed(1)}%`, source);
}

/** The distance of two shares in percentage points, without its sign: 2.3. */
export function points(difference: number, source: AnswerSource): AnswerSentence {
  return linked(Math.abs(difference * 100).toFixed(1), source);
}

/** A count: 1,400. */
export function whole(value: number, source: AnswerSource): AnswerSentence {
  return linked(formatted(value, { maximumFractionDigits: 0 }), source);
}

/** A loss or another measure, to three digits. */
export function measure(value: number, source: AnswerSource): AnswerSentence {
  return linked(formatted(value, { maximumSignificantDigits: 3, useGrouping: false }), source);
}

/** A value a person set, such as a learning rate, unrounded as far as six digits go. */
export function setting(value: number, source: AnswerSource): AnswerSentence {
  // Ten times a millionth is not quite a hundred thousandth in binary.
  const rounded = Number(value.toPrecision(6));
  const small = rounded !== 0 && Math.abs(rounded) < SMALL;
  const text = small
    ? rounded.toExponential()
    : formatted(rounded, { maximumSignificantDigits: 6, useGrouping: false });
  return linked(text, source);
}

/** 44.8 MB, in powers of a thousand. */
export function bytes(count: number, source: AnswerSource): AnswerSentence {
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), BYTE_UNITS.length - 1);
  return linked(`${formatted(count / 1000 ** power, { maximumSignificantDigits: 3 })} ${BYTE_UNITS[power]}`, source);
}

/** At most two parts: 2 min 5 sec. */
export function duration(seconds: number, source: AnswerSource, locale: Locale): AnswerSentence {
  let rest = Math.max(0, Math.round(seconds));
  const first = DURATION_UNITS.findIndex(([, size]) => rest >= size);
  const units = DURATION_UNITS.slice(first === -1 ? -1 : first).slice(0, 2);
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { count, unit };
  });
  const told = parts.filter(({ count }, index) => count > 0 || index === 0);
  const text = told.map(({ count, unit }) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count),
  );
  return linked(text.join(' '), source);
}
