import type { LocalText } from '@mallo/contracts';
import { z } from 'zod';

const KOREAN = z.locales.ko().localeError;
/** The words for types that zod leaves in English; each ends in a consonant, as its particles expect. */
const TYPES: Record<string, string> = {
  ...{ string: '글', number: '숫자 값', int: '정수 값', boolean: '참/거짓 값', array: '목록', object: '객체 값' },
  ...{ record: '객체 값', undefined: '없음', null: 'null 값' },
};

/** Why a schema refuses a value, on one line: `body.email: Invalid email address`. */
export function describeIssues(schema: z.ZodType, value: unknown, prefix = ''): LocalText {
  const line = (issues: z.core.$ZodIssue[] = [], messageOf: (issue: z.core.$ZodIssue) => string) =>
    issues
      .slice(0, 5)
      .map((issue) => `${[prefix, ...issue.path].filter((part) => part !== '').join('.')}: ${messageOf(issue)}`)
      .join('; ');
  return {
    en: line(schema.safeParse(value).error?.issues, ({ message }) => message),
    ko: line(schema.safeParse(value, { error: KOREAN }).error?.issues, koreanOf),
  };
}

/** Reasons of our own are written beside the English ones (`because` of the contracts). */
function koreanOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' || issue.code === 'too_small' || issue.code === 'too_big') {
    return issue.message.replace(/\b[a-z]+\b/g, (word) => TYPES[word] ?? word);
  }
  if (issue.code !== 'custom') return issue.message;
  return typeof issue.params?.ko === 'string' ? issue.params.ko : '쓸 수 없는 값입니다';
}
