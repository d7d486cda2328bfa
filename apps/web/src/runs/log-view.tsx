'use client';

import type { LogLine } from '@mallo/client';
import { ArrowDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { StickToBottom, useStickToBottomContext } from 'use-stick-to-bottom';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { cn } from '@/ui/cn';

/** The last lines the training wrote. It follows the newest until the reader scrolls back. */
export function LogView({ lines }: { lines: readonly LogLine[] }) {
  const t = useTranslations('run.log');
  const format = useFormat();
  if (lines.length === 0) return <p className="px-5 py-10 text-center text-muted">{t('empty')}</p>;
  return (
    <StickToBottom className="relative h-full min-h-0" resize="instant" initial="instant">
      <StickToBottom.Content
        scrollClassName="relative [scrollbar-gutter:auto]! focus-visible:outline-offset-[-2px]"
        className="px-4 py-3 font-mono text-xs leading-5"
      >
        <ol aria-label={t('label')} data-testid="log-lines">
          {lines.map(({ seq, stream, timeMs, line }) => (
            <li key={seq} className="flex gap-3 [content-visibility:auto] [contain-intrinsic-height:1.25rem]">
              <time className="tabular shrink-0 select-none text-muted" dateTime={new Date(timeMs).toISOString()}>
                {format.clock(timeMs)}
              </time>
              <span
                className={cn(
                  'min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]',
                  stream === 'stderr' && 'text-warn',
                )}
              >
                {stream === 'stderr' && <span className="sr-only">{t('stderr')}</span>}
                {line}
              </span>
            </li>
          ))}
        </ol>
      </StickToBottom.Content>
      <Follow />
    </StickToBottom>
  );
}

function Follow() {
  const t = useTranslations('run.log');
  const { isAtBottom, scrollToBottom } = useStickToBottomContext();
  if (isAtBottom) return null;
  return (
    <Button size="sm" onClick={() => void scrollToBottom()} className="absolute right-4 bottom-3">
      <ArrowDown aria-hidden />
      {t('follow')}
    </Button>
  );
}
