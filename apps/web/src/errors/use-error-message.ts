'use client';

import { ApiError, UnreachableError } from '@mallo/client';
import { useLocale, useTranslations } from 'next-intl';

/** What to tell a person of an error, in the language of the page. */
export function useErrorMessage(): (error: unknown) => string {
  const locale = useLocale();
  const t = useTranslations('errors');
  return (error) =>
    error instanceof ApiError || error instanceof UnreachableError ? error.messages[locale] : t('unexpected');
}
