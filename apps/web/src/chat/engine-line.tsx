'use client';

import type { MessagePart } from '@mallo/contracts';
import { Info, Languages } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';

type EngineLineProps = { part: Extract<MessagePart, { type: 'engine' }> };

/** Who understood a message and what that took; and calmly, when it was not the one that was to. */
export function EngineLine({ part: { engine, note, usage } }: EngineLineProps) {
  const t = useTranslations('chat.engine');
  const locale = useLocale();
  const format = useFormat();
  const facts = [
    engine === 'llm' && usage ? usage.model : t(engine),
    usage && t('tokens', { input: format.whole(usage.inputTokens), output: format.whole(usage.outputTokens) }),
    usage && usage.costUsd !== null && format.money(usage.costUsd, 'USD'),
  ].filter(Boolean);
  return (
    <div data-testid="engine" className="grid gap-1 text-muted text-xs">
      {note && (
        <p className="flex items-start gap-1.5 text-sm">
          <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          {note[locale]}
        </p>
      )}
      <p className="flex items-start gap-1.5">
        <Languages aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        <span>
          <span className="sr-only">{t('label')}</span> {facts.join(' · ')}
        </span>
      </p>
    </div>
  );
}
