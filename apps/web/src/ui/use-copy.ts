'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

/** Copies a text, or says that the browser forbids it: the text can still be selected. `forget` when the reader is elsewhere. */
export function useCopy() {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Browsers keep the clipboard from plain-HTTP addresses of a local network.
      toast.error(t('notCopied'));
    }
  };
  return { copied, copy, forget: () => setCopied(false) };
}
