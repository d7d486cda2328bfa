/** The middle of the values; of an even number the higher of the two. Null of none. */
export function median(values: number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
