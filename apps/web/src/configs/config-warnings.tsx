'use client';

import type { ConfigEdit, ConfigWarning } from '@mallo/contracts';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { Button } from '@/ui/button';

type ConfigWarningsProps = {
  warnings: readonly ConfigWarning[];
  disabled: boolean;
  onFix: (edit: ConfigEdit) => void;
};

/** What will probably go wrong, and the change that would help. Nothing of it keeps one from starting. */
export function ConfigWarnings({ warnings, disabled, onFix }: ConfigWarningsProps) {
  const t = useTranslations('config');
  const locale = useLocale();
  return (
    // It is there before the first warning, so that one that comes with a change is read out.
    <div aria-live="polite">
      {warnings.length > 0 && (
        <ul aria-label={t('warnings')} className="grid gap-2 border-t px-4 py-2.5">
          {warnings.map(({ code, message, fix }) => (
            <li key={code} className="flex min-h-7 items-center gap-2.5 text-sm">
              <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
              <p className="min-w-0 flex-1">{message[locale]}</p>
              {fix && (
                <Button size="sm" disabled={disabled} className="ml-auto" onClick={() => onFix(fix.edit)}>
                  {fix.label[locale]}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
