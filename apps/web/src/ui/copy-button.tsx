'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from './button';
import { useCopy } from './use-copy';

/** Copies a text, or says that the browser forbids it: the text can still be selected. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslations('common');
  const { copied, copy, forget } = useCopy();
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={copied ? t('copied') : label}
      onClick={() => copy(text)}
      onBlur={forget}
    >
      {copied ? <Check aria-hidden className="text-ok" /> : <Copy aria-hidden />}
    </Button>
  );
}
