import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { QueryProvider } from '@/api/query-provider';
import { THEME_COOKIE } from '@/i18n/locale';
import { THEMES } from '@/i18n/preferences';
import { Toasts } from '@/ui/toasts';
import { TooltipProvider } from '@/ui/tooltip';
import './globals.css';

const suit = localFont({
  src: '../../node_modules/@sun-typeface/suit/fonts/variable/woff2/SUIT-Variable.woff2',
  weight: '100 900',
  variable: '--font-suit',
  display: 'swap',
});

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('app');
  return { description: t('tagline') };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  interactiveWidget: 'resizes-content',
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get(THEME_COOKIE)?.value;
  const t = await getTranslations('app');
  const theme = THEMES.find((one) => one === chosen) ?? 'system';
  return (
    <html lang={await getLocale()} data-theme={theme} className={suit.variable}>
      <body>
        {/* React puts the title of a page, which comes later, before this one. */}
        <title>{t('name')}</title>
        <NextIntlClientProvider>
          <QueryProvider>
            <TooltipProvider>{children}</TooltipProvider>
            <Toasts />
          </QueryProvider>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
