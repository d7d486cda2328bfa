/** A text as Python writes it: JSON's escapes are Python's too. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}

export function pythonList(texts: string[]): string {
  return `[${texts.map(pythonString).join(', ')}]`;
}
