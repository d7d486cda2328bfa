'use client';

import { useLocale } from 'next-intl';

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
const DURATION_PARTS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const;
const RELATIVE_UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

export type Format = ReturnType<typeof createFormat>;

/** Made once a language: making a format takes longer than using it a thousand times, and lists use many. */
const formats = new Map<string, Format>();

/** Figures as people of the language write them. */
export function createFormat(locale: string) {
  const whole = new Intl.NumberFormat(locale);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = new Map<string, Intl.NumberFormat>();
  const numberFormat = (options: Intl.NumberFormatOptions) => {
    const key = JSON.stringify(options);
    const made = numbers.get(key) ?? new Intl.NumberFormat(locale, options);
    numbers.set(key, made);
    return made;
  };
  const number = (value: number, digits = 3) => numberFormat({ maximumSignificantDigits: digits }).format(value);

  return {
    whole: (value: number) => whole.format(value),
    number,
    /** A learning rate of 0.00001 reads better as 1e-5. */
    small: (value: number) => (value !== 0 && Math.abs(value) < 0.0001 ? value.toExponential() : number(value, 6)),
    percent: (share: number, digits = 1) =>
      numberFormat({
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(share),
    /** Small sums keep two digits that count: $0.0012. */
    money: (amount: number, currency: string) =>
      numberFormat({
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        ...(amount !== 0 && Math.abs(amount) < 0.1 ? { maximumSignificantDigits: 2 } : {}),
      }).format(amount),
    bytes: (bytes: number) => {
      const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1);
      return `${number(bytes / 1000 ** power)} ${BYTE_UNITS[power]}`;
    },
    /** At most two parts: "2 min 5 sec", "1 hr 3 min". */
    duration: (seconds: number) => {
      const rounded = Math.max(0, Math.round(seconds));
      const start = DURATION_PARTS.findIndex(([, size]) => rounded >= size);
      let rest = rounded;
      const parts = DURATION_PARTS.slice(Math.max(0, start === -1 ? 3 : start)).slice(0, 2);
      const texts = parts.flatMap(([unit, size], index) => {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count === 0 && (index > 0 || parts.length > 1)) return [];
        const style = { style: 'unit', unit: unit.slice(0, -1), unitDisplay: 'short' } as const;
        return [new Intl.NumberFormat(locale, style).format(count)];
      });
      return texts.join(' ');
    },
    date: (timestamp: string) => date.format(new Date(timestamp)),
    clock: (timeMs: number) => clock.format(timeMs),
    ago: (timestamp: string, nowMs = Date.now()) => {
      const seconds = (Date.parse(timestamp) - nowMs) / 1000;
      const unit = RELATIVE_UNITS.find(([, size]) => Math.abs(seconds) >= size);
      return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : relative.format(0, 'second');
    },
  };
}

export function useFormat(): Format {
  const locale = useLocale();
  const format = formats.get(locale) ?? createFormat(locale);
  formats.set(locale, format);
  return format;
}
