import { Locale } from '@mallo/contracts';

export const LOCALE_COOKIE = 'mallo_locale';
export const THEME_COOKIE = 'mallo_theme';

/** The language to speak: the one chosen before, or the first of the browser's that is known. */
export function chooseLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  const parsed = Locale.safeParse(chosen);
  if (parsed.success) return parsed.data;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...options] = entry.trim().split(';');
      const quality = options.find((option) => option.trim().startsWith('q='));
      return { language: tag.toLowerCase().split('-')[0], quality: quality ? Number(quality.trim().slice(2)) : 1 };
    })
    .toSorted((a, b) => b.quality - a.quality);
  return Locale.safeParse(wanted.find(({ language }) => Locale.safeParse(language).success)?.language).data ?? 'en';
}
