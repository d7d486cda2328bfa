import type { MetricValue } from '@mallo/contracts';
import type { Format } from '@/format/use-format';

/** A value of a metric as it is read; what is no number keeps its sign. */
export function metricText(value: MetricValue, format: Pick<Format, 'number'>): string {
  if (value === 'Infinity') return '∞';
  if (value === '-Infinity') return '−∞';
  if (value === 'NaN') return value;
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return format.number(value, size >= 1000 ? 7 : 5);
}
