const MOST = 7;
/** Within a power of ten these are told apart; more of them where fewer powers are in sight. */
const WITHIN = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];

/** Where the ticks of an axis of powers lie: at powers of ten and between, as many as can be read. */
export function powerTicks(min: number, max: number): number[] {
  const [low, high] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  // Within a small part of a power they lie as on any other axis.
  if (max / min < 3) return evenTicks(min, max);
  for (const within of WITHIN) {
    const ticks = powers(low, high, 1).flatMap((power) => within.map((factor) => factor * 10 ** power));
    const seen = ticks.filter((tick) => tick >= min && tick <= max);
    if (seen.length <= MOST) return seen;
  }
  const every = Math.ceil((high - low + 1) / MOST);
  return powers(low, high, every).map((power) => 10 ** power);
}

function powers(low: number, high: number, every: number): number[] {
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
}

/** Some four round values between two, the ticks of an ordinary axis. */
export function evenTicks(min: number, max: number): number[] {
  const rough = (max - min) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 5, 10].find((factor) => factor * size >= rough) ?? 10);
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
