'use client';

import { trackingRoutes } from '@mallo/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { callRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { ScrollRegion } from '@/ui/scroll-region';
import { useRested } from '@/ui/use-rested';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { logLines } from './log-lines';
import { LogRow } from './log-row';
import { LogSearch } from './log-search';
import { useLogSearch } from './use-log-search';

/** Pixels. A browser draws nothing taller than some 17 million of them, which are a million such lines. */
const ROW_HEIGHT = 16;
/** However often it grows it is asked for no oftener. */
const GROW_MS = 500;

type LogViewerProps = {
  runId: string;
  isGoing: boolean;
  feed: Pick<ProjectFeed, 'listen'>;
};

/** All lines of a run, however many; it follows the newest until the reader goes elsewhere. */
export function LogViewer({ runId, isGoing, feed }: LogViewerProps) {
  const t = useTranslations('runs.logs');
  const messageOf = useErrorMessage();
  const lines = useMemo(
    () =>
      logLines((from, limit, signal) =>
        callRoute(trackingRoutes.logs, { params: { runId }, query: { from, limit } }, signal),
      ),
    [runId],
  );
  const { total, isLoaded, error } = useSyncExternalStore(lines.subscribe, lines.state, lines.state);
  const [follows, setFollows] = useState(isGoing);
  const [active, setActive] = useState<number | null>(null);
  const [typed, setTyped] = useState('');
  const search = useRested(typed);
  const found = useLogSearch(runId, search);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const shown = rows.getVirtualItems();
  const from = (shown[0]?.index ?? 0) + 1;
  const to = (shown.at(-1)?.index ?? 0) + 1;

  /** Brings a line into sight. */
  const scrollTo = (number: number, align: 'start' | 'center' | 'end') => rows.scrollToIndex(number - 1, { align });

  useEffect(() => lines.stop, [lines]);
  useEffect(() => lines.want(from, to), [lines, from, to, total]);
  const grow = useMemo(() => throttled(() => void lines.grow(), GROW_MS), [lines]);
  useEffect(() => {
    grow.call();
    return grow.cancel;
  }, [grow]);
  useFeedListener(feed, {
    onRuns: (runs) => runs.some((run) => run.id === runId && run.logged) && grow.call(),
    onMissed: () => grow.call(),
  });
  useEffect(() => {
    if (follows && total > 0) scrollTo(total, 'end');
  }, [follows, total]);

  const show = (number: number) => {
    setFollows(false);
    setActive(number);
    scrollTo(number, 'center');
  };
  // What was looked for is shown at once: the first from here on, or else the last before.
  const [first] = found.numbers;
  useEffect(() => {
    if (first === undefined) return;
    let isLeft = false;
    const seen = Math.floor((scroller.current?.scrollTop ?? 0) / ROW_HEIGHT) + 1;
    found.near(seen).then(
      (number) => number !== undefined && !isLeft && show(number),
      (error: unknown) => !isLeft && toast.error(messageOf(error)),
    );
    return () => {
      isLeft = true;
    };
  }, [search, first]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = Math.min(total, Math.max(1, (active ?? (step > 0 ? from - 1 : to + 1)) + step));
      setFollows(false);
      setActive(next);
      const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
      const top = (next - 1) * ROW_HEIGHT;
      if (top < scrollTop) scrollTo(next, 'start');
      if (top + ROW_HEIGHT > scrollTop + clientHeight) scrollTo(next, 'end');
    } else if (event.key === 'End') setFollows(true);
    else if (event.key === 'Home') show(1);
    else if (event.key === 'c' && !event.ctrlKey && !event.metaKey && active !== null) {
      void navigator.clipboard?.writeText(lines.line(active)?.line ?? '');
    } else return;
    event.preventDefault();
  };
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT * 2;
    if (!isAtEnd && follows && wheeled.current) setFollows(false);
    if (isAtEnd && isGoing && wheeled.current) setFollows(true);
  };
  /** Only a person's own scrolling says where they want to be; lines that come scroll too. */
  const wheeled = useRef(false);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <LogSearch
        typed={typed}
        onType={setTyped}
        found={found}
        isResting={typed !== search}
        active={active}
        onShow={show}
        total={total}
      />
      {error && <ProblemCard problem={error} onRetry={() => lines.want(from, to)} className="m-4" />}
      {isLoaded && total === 0 && <p className="px-5 py-10 text-center text-muted">{t('empty')}</p>}
      <div className="relative min-h-0 flex-1">
        <ScrollRegion
          ref={scroller}
          label={t('label')}
          aria-keyshortcuts="ArrowDown ArrowUp Home End c"
          onKeyDown={onKeyDown}
          onScroll={onScroll}
          onWheel={() => {
            wheeled.current = true;
          }}
          onTouchMove={() => {
            wheeled.current = true;
          }}
          onPointerDown={() => {
            wheeled.current = true;
          }}
          className="absolute inset-0 font-mono text-xs"
        >
          <ol className="relative w-max min-w-full" style={{ height: rows.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <LogRow
                key={index}
                number={index + 1}
                line={lines.line(index + 1)}
                top={start}
                height={ROW_HEIGHT}
                search={search}
                isActive={active === index + 1}
                onActivate={setActive}
              />
            ))}
          </ol>
        </ScrollRegion>
        {!follows && total > 0 && (
          <Button size="sm" onClick={() => setFollows(true)} className="absolute right-5 bottom-4">
            <ArrowDownToLine aria-hidden />
            {t(isGoing ? 'follow' : 'toEnd')}
          </Button>
        )}
      </div>
    </div>
  );
}
