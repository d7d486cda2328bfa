import { z } from 'zod';

const Key = z
  .string()
  .trim()
  .min(1)
  .max(250)
  .refine((key) => !/[\p{Cc}=]/u.test(key) && key !== '__proto__' && key.isWellFormed(), 'must be text without “=”');
const Value = z
  .string()
  .max(5000)
  .refine((value) => !value.includes('\0') && value.isWellFormed());

/** What people and programs note of a model or a version, by key. */
export const Tags = z.record(z.string(), z.string());
export type Tags = z.infer<typeof Tags>;

/** Tags to be set, and with null those to be removed; the others stay (as RFC 7396 merges). */
export const TagChange = z
  .record(Key, Value.nullable())
  .refine((change) => Object.keys(change).length <= 100, 'at most 100 at once');
export type TagChange = z.infer<typeof TagChange>;
