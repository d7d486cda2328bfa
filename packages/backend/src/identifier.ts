import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Taken many at once: asking the system takes longer than making an id of the answer. */
const random = Buffer.alloc(1024);
let used = random.length;

function randomByte(): number {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return random.readUInt8(used++);
}

/** A new id such as `run_3kTfQ0…`: 20 characters of base 62, about 119 random bits. */
export function newId(prefix: string): string {
  let id = '';
  while (id.length < 20) {
    const byte = randomByte();
    // 248 = 4 × 62: larger bytes would favour the first letters.
    if (byte < 248) id += ALPHABET[byte % 62];
  }
  return `${prefix}_${id}`;
}
