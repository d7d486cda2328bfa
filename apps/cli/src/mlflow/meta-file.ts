import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/**
 * Reads a `meta.yaml`. All values stay the text that they are: an id of digits would lose some as a number, and
 * `12e345…` is one.
 * @throws Error that says what is wrong with it
 */
export async function readMeta<T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>> {
  const text = await readFile(path, 'utf8');
  const read = shape.safeParse(parse(text, { schema: 'failsafe', customTags: ['null'], logLevel: 'error' }));
  if (read.success) return read.data;
  throw new Error(z.prettifyError(read.error).replaceAll('\n', ' '));
}

/** A text that may be empty, absent or null. */
export const MaybeText = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
/** Milliseconds, or null where there are none. */
export const MaybeTime = z
  .string()
  .regex(/^\d{1,16}$/)
  .nullish()
  .transform((text) => (text ? Number(text) : null));
