/**
 * The first value in a text of JSON that JSON cannot hold because it is no number, as Python writes it, and the key that
 * it has; null where there is none.
 */
export function notANumberIn(json: string): { key: string; word: string } | null {
  let key = '';
  for (const [token, isKey] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|-?\b(?:NaN|Infinity)\b/gi)) {
    if (!token.startsWith('"')) return { key, word: token };
    if (isKey) key = token.replace(/"\s*:$/, '').slice(1);
  }
  return null;
}
