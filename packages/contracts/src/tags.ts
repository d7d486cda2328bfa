import { z } from 'zod';
import { because } from './because.js';

const Key = z
  .string()
  .trim()
  .min(1)
  .max(250)
  .refine(
    (key) => !/[\p{Cc}=]/u.test(key) && key !== '__proto__' && key.isWellFormed(),
    because('must be text without “=”', '“=”이 없는 글이어야 합니다'),
  );
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
  .refine((change) => Object.keys(change).length <= 100, because('at most 100 at once', '한 번에 100개까지입니다'));
export type TagChange = z.infer<typeof TagChange>;
