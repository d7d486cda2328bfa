import type { Locale } from '@mallo/contracts';
import { LOCALE_COOKIE, THEME_COOKIE } from './locale';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const YEAR_SECONDS = 31_536_000;

/** Kept in a cookie, so that the very first paint is already right. */
function keep(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain-HTTP addresses of a local network.
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

export function keepLocale(locale: Locale): void {
  keep(LOCALE_COOKIE, locale);
}

export function keepTheme(theme: Theme): void {
  keep(THEME_COOKIE, theme);
  document.documentElement.dataset.theme = theme;
}

export function currentTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system';
}
