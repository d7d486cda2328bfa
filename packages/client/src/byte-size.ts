const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A number of bytes as a person reads it: `20 GB`, `1.5 MB`, `512 byte`. */
export function byteSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat('en', { style: 'unit', unit: UNITS[power], maximumFractionDigits: 1 });
  return format.format(bytes / 1000 ** power);
}
