/** Columns that a text takes in a terminal: Hangul and its like take two each. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character) ? 2 : 1;
  return width;
}

/** The text filled with spaces to so many columns, with at least one after it. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(1, columns - widthOf(text)));
}

/** As much of the text as fits in so many columns. */
export function cutTo(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += isWide(character) ? 2 : 1;
    if (width > columns) return kept;
    kept += character;
  }
  return kept;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character);
}
