'use client';

import { useTranslations } from 'next-intl';
import { Toaster } from 'sonner';

export function Toasts() {
  const t = useTranslations('common');
  return (
    <Toaster
      containerAriaLabel={t('notifications')}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-xl border bg-raised px-4 py-3 text-fg text-base shadow-high sm:w-89',
          description: 'text-muted text-sm',
          icon: 'text-accent',
        },
      }}
    />
  );
}
