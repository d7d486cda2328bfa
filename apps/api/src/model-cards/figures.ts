export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** A figure that was measured. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** A figure that is only about right. */
export function estimated(value: number): string {
  return String(Number(value.toPrecision(2)));
}
