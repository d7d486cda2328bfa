'use client';

import { ChevronDown, ChevronUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';
import type { useLogSearch } from './use-log-search';

type LogSearchProps = {
  typed: string;
  onType: (text: string) => void;
  found: ReturnType<typeof useLogSearch>;
  isResting: boolean;
  active: number | null;
  onShow: (number: number) => void;
  total: number;
};

/** Looks for a text in all lines, on the server, and walks from one to the next. */
export function LogSearch({ typed, onType, found, isResting, active, onShow, total }: LogSearchProps) {
  const t = useTranslations('runs.logs');
  const messageOf = useErrorMessage();
  const { numbers, hasMore, ask } = found;
  const [isAsking, setAsking] = useState(false);
  const at = active === null ? -1 : numbers.indexOf(active);
  const isBeyondAll = hasMore && (active ?? 0) > (numbers.at(-1) ?? 0);
  const walk = async (step: 1 | -1) => {
    const from = active ?? 0;
    const next = step === 1 ? numbers.find((number) => number > from) : numbers.findLast((number) => number < from);
    // Those that are here are the first ones, without a gap between them.
    const isBeyond = hasMore && (step === 1 ? next === undefined : from > (numbers.at(-1) ?? 0));
    if (next !== undefined && !isBeyond) return onShow(next);
    setAsking(true);
    try {
      const further = isBeyond ? await ask(step === 1 ? { from: from + 1 } : { before: from }) : undefined;
      // Round again, from the other end.
      const other = step === 1 ? numbers[0] : hasMore ? await ask({ before: total + 1 }) : numbers.at(-1);
      const shown = further ?? other;
      if (shown !== undefined) onShow(shown);
    } catch (error) {
      toast.error(messageOf(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <search className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2 sm:px-6">
      <Input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={typed}
        maxLength={500}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void walk(event.shiftKey ? -1 : 1);
        }}
        className="h-8 w-64 max-w-full [&::-webkit-search-cancel-button]:hidden"
        autoComplete="off"
        spellCheck={false}
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('previous')}
        disabled={numbers.length === 0 || isAsking}
        onClick={() => void walk(-1)}
      >
        <ChevronUp aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('next')}
        busy={isAsking}
        disabled={numbers.length === 0}
        onClick={() => void walk(1)}
      >
        {!isAsking && <ChevronDown aria-hidden />}
      </Button>
      <p role="status" className="tabular text-muted text-sm">
        {typed === ''
          ? t('lines', { count: total })
          : !isResting &&
            found.isSuccess &&
            (isBeyondAll
              ? t('beyond', { count: numbers.length })
              : t('matches', { at: at + 1, count: numbers.length, more: String(hasMore) }))}
      </p>
    </search>
  );
}
