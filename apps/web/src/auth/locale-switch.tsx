'use client';

import { Locale } from '@mallo/contracts';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { keepLocale } from '@/i18n/preferences';
import { Segmented } from '@/ui/segmented';

let switched: Locale | null = null;

/** The language chosen by hand since the page was opened. */
export function localeWasSwitched(): Locale | null {
  return switched;
}

export function LocaleSwitch() {
  const t = useTranslations('common');
  const locale = useLocale();
  const router = useRouter();
  return (
    <Segmented
      label={t('language')}
      value={locale}
      onValueChange={(next) => {
        switched = next;
        keepLocale(next);
        router.refresh();
      }}
      options={Locale.options.map((value) => ({ value, label: <span lang={value}>{t(`languages.${value}`)}</span> }))}
    />
  );
}
