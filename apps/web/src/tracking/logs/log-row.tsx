'use client';

import { useTranslations } from 'next-intl';
import { memo, type ReactNode } from 'react';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { CopyButton } from '@/ui/copy-button';
import type { LogLine } from './log-lines';

type LogRowProps = {
  number: number;
  /** Undefined while it is on its way. */
  line: LogLine | undefined;
  top: number;
  height: number;
  /** What is looked for; empty: nothing. */
  search: string;
  isActive: boolean;
  onActivate: (number: number) => void;
};

/** A line with its number and time; the one that is pointed out can be copied. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { number, line, top, height, search, isActive, onActivate } = props;
  const t = useTranslations('runs.logs');
  const format = useFormat();
  const isError = line?.stream === 'stderr';
  return (
    <li
      aria-current={isActive || undefined}
      className={cn(
        'absolute top-0 left-0 flex min-w-full items-center whitespace-pre pr-4',
        isError && 'bg-warn-soft',
        isActive ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('choose', { number })}
        onClick={() => onActivate(number)}
        className="tabular w-18 shrink-0 select-none pr-3 text-right text-muted"
      >
        {number}
      </button>
      {line && (
        <time
          dateTime={new Date(line.timeMs).toISOString()}
          className="tabular hidden w-20 shrink-0 select-none text-muted sm:block"
        >
          {format.clock(line.timeMs)}
        </time>
      )}
      <span className={cn(isError && 'text-warn')}>
        {isError && <span className="sr-only">{t('stderr')}</span>}
        {line && <Marked text={line.line} search={search} />}
      </span>
      {isActive && line && (
        <span className="ml-2 grid h-4 place-items-center [&_button]:size-4 [&_svg]:size-3">
          <CopyButton text={line.line} label={t('copy')} />
        </span>
      )}
    </li>
  );
});

/** A text with each place marked that holds what was looked for, in any case. */
function Marked({ text, search }: { text: string; search: string }): ReactNode {
  if (!search) return text;
  const lower = text.toLowerCase();
  const sought = search.toLowerCase();
  const parts: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(sought); at !== -1; at = lower.indexOf(sought, from)) {
    parts.push(
      text.slice(from, at),
      <mark key={at} className="rounded-sm bg-warn-line text-fg">
        {text.slice(at, at + search.length)}
      </mark>,
    );
    from = at + search.length;
  }
  return [...parts, text.slice(from)];
}
