import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new id such as `run_3kTfQ0…`: 20 characters of base 62, about 119 random bits. */
export function newId(prefix: string): string {
  let id = '';
  while (id.length < 20) {
    for (const byte of randomBytes(32)) {
      // 248 = 4 × 62: larger bytes would favour the first letters.
      if (byte < 248 && id.length < 20) id += ALPHABET[byte % 62];
    }
  }
  return `${prefix}_${id}`;
}
