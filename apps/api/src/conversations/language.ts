import type { Locale } from '@mallo/contracts';

/** Korean where there is any Hangul. */
export function languageIn(...texts: string[]): Locale {
  return texts.some((text) => /\p{Script=Hangul}/u.test(text)) ? 'ko' : 'en';
}
