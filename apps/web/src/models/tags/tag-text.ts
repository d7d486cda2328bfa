/** A tag as it is written and searched for: `team=vision`, or `checked` where it has no value. */
export function tagText(key: string, value: string): string {
  return value === '' ? key : `${key}=${value}`;
}
