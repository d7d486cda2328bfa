'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { AxisKind } from '@/charts/plane';
import { useFormat } from '@/format/use-format';
import { metricText } from '../metric-text';
import type { Axis } from './chart-view';

const AXIS_KINDS: Record<Axis, AxisKind> = { step: 'number', epoch: 'number', time: 'seconds', clock: 'clock' };
const DAY_MS = 86_400_000;

/** What the axes of charts say. */
export function useAxisText(axis: Axis) {
  const t = useTranslations('charts');
  const format = useFormat();
  const locale = useLocale();
  return useMemo(() => {
    const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
    const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 4 });
    const tick = (x: number, span: number): string => {
      if (axis === 'time') return format.duration(x);
      if (axis !== 'clock') return Math.abs(x) < 10_000 ? format.number(x, 5) : compact.format(x);
      return span > 2 * DAY_MS ? day.format(x) : span > 60_000 ? minute.format(x) : format.clock(x);
    };
    return {
      axisKind: AXIS_KINDS[axis],
      textOfX: (ticks: readonly (number | null)[]) => {
        const shown = ticks.filter((x) => x !== null);
        const span = (shown.at(-1) ?? 0) - (shown[0] ?? 0);
        return ticks.map((x) => (x === null ? '' : tick(x, span)));
      },
      nameOfX: (x: number): string => {
        if (axis === 'time') return t('atTime', { duration: format.duration(x) });
        if (axis === 'clock') return `${day.format(x)} ${format.clock(x)}`;
        return t(axis === 'epoch' ? 'atEpoch' : 'atStep', { value: format.number(x, 8) });
      },
      textOfY: (y: number) => metricText(y, format),
      /** Ticks have little room. */
      tickOfY: (y: number) => (Math.abs(y) >= 10_000 ? compact.format(y) : metricText(y, format)),
    };
  }, [axis, format, locale, t]);
}
