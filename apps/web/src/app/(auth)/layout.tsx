import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LocaleSwitch } from '@/auth/locale-switch';
import { Brand } from '@/shell/brand';

export default function AuthLayout({ children }: { children: ReactNode }) {
  const t = useTranslations('auth.pitch');
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col">
        <header className="flex items-center justify-between px-5 py-4 sm:px-8">
          <Brand />
          <LocaleSwitch />
        </header>
        <main className="grid flex-1 place-items-center px-5 py-8">
          <div className="w-full max-w-sm">{children}</div>
        </main>
      </div>
      <aside className="relative hidden overflow-hidden border-l bg-sunken lg:grid lg:place-items-center">
        <div className="grid w-full max-w-md gap-5 p-8">
          <p className="justify-self-end rounded-2xl rounded-br-md bg-solid px-4 py-2.5 text-lg text-solid-fg">
            {t('sentence')}
          </p>
          <div className="grid gap-3 rounded-2xl border bg-surface p-5 shadow-high">
            <dl className="grid gap-2.5">
              {(['model', 'data', 'epochs'] as const).map((field) => (
                <div key={field} className="flex items-center justify-between gap-4">
                  <dt className="text-muted">{t(`${field}.label`)}</dt>
                  <dd className="flex items-center gap-2 font-medium">
                    {t(`${field}.value`)}
                    <span className="rounded-md bg-accent-soft px-1.5 py-0.5 font-medium text-accent text-xs">
                      {t(`${field}.origin`)}
                    </span>
                  </dd>
                </div>
              ))}
            </dl>
            <svg viewBox="0 0 320 84" aria-hidden className="mt-1 w-full">
              <path d="M0 83.500H320M0 42H320M0 .5H320" stroke="var(--line)" />
              <path
                d="M4 12C40 40 60 58 110 64s120 10 206 12"
                fill="none"
                stroke="var(--series-train)"
                strokeWidth="2"
                strokeDasharray="4 4"
              />
              <path
                d="M4 76C34 60 44 32 84 24s92-10 232-14"
                fill="none"
                stroke="var(--series-val)"
                strokeWidth="2.500"
                strokeLinecap="round"
              />
            </svg>
          </div>
          <p className="text-muted">{t('text')}</p>
        </div>
      </aside>
    </div>
  );
}
