'use client';

import type { CardOrigins } from '@mallo/contracts';
import { ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { type FocusEvent, type MouseEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { cn } from '@/ui/cn';

const TONES = {
  message: 'bg-accent-soft text-accent',
  edited: 'bg-warn-soft text-warn',
  dataset: 'bg-hover text-fg',
  history: 'bg-hover text-fg',
  intent: 'bg-hover text-fg',
  default: 'text-muted',
} as const;

/** So much of a long message is quoted on each side of the words. */
const AROUND = 90;
const OPEN_AFTER_MS = 200;
/** Time to move the pointer from the badge into what it shows. */
const CLOSE_AFTER_MS = 200;

type Origin = CardOrigins[string];

type OriginBadgeProps = {
  origin: Origin | undefined;
  /** The message that was understood. */
  message: string;
};

/** Where a value came from: the very words, the data, or a default with its reason. On hover, focus and tap. */
export function OriginBadge({ origin, message }: OriginBadgeProps) {
  const t = useTranslations('config.origins');
  const disclosure = useDisclosure();
  if (!origin) return null;
  const quote = origin.kind === 'message' ? message.slice(...origin.span) : '';
  const label = quote ? t('quote', { quote }) : t(`${origin.kind}.label`);
  const reason = origin.kind === 'default' ? origin.reason : t(`${origin.kind}.text`);
  return (
    <Popover.Root open={disclosure.isOpen} onOpenChange={disclosure.onOpenChange}>
      <Popover.Trigger asChild>
        <button
          type="button"
          aria-label={quote ? t('fromMessage', { quote }) : `${label}: ${reason}`}
          {...disclosure.trigger}
          className={cn(
            'max-w-full truncate rounded-md px-1.5 py-0.5 text-left text-xs pointer-coarse:py-1.5',
            'underline decoration-transparent decoration-dotted underline-offset-3 transition-colors hover:decoration-current',
            TONES[origin.kind],
          )}
        >
          {label}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          // What was only looked at is opened anew when it is asked for: then the focus goes into it.
          key={disclosure.isPinned ? 'pinned' : 'looked at'}
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('title')}
          {...disclosure.content}
          className="fade-in-0 z-50 grid w-max max-w-[min(22rem,calc(100vw-1rem))] animate-in gap-1.5 rounded-xl border bg-raised px-3.5 py-2.5 text-sm shadow-high outline-none"
        >
          <OriginDetails origin={origin} message={message} reason={reason} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function OriginDetails({ origin, message, reason }: { origin: Origin; message: string; reason: string }) {
  const t = useTranslations('config.origins');
  if (origin.kind === 'message') {
    const [from, to] = origin.span;
    return (
      <>
        <p className="text-muted text-xs">{t('message.text')}</p>
        <blockquote className="whitespace-pre-wrap">
          {from > AROUND && '…'}
          {message.slice(Math.max(0, from - AROUND), from)}
          <mark className="rounded-sm bg-accent-line px-0.5 font-semibold text-fg">{message.slice(from, to)}</mark>
          {message.slice(to, to + AROUND)}
          {to + AROUND < message.length && '…'}
        </blockquote>
      </>
    );
  }
  return (
    <>
      <p className="text-muted text-xs">{t(`${origin.kind}.label`)}</p>
      <p>{reason}</p>
      {origin.kind === 'default' && origin.source && (
        <a
          href={origin.source}
          target="_blank"
          rel="noreferrer"
          className="inline-flex w-fit items-center gap-1 text-accent underline underline-offset-4"
        >
          {t('source', { host: hostOf(origin.source) })}
          <ArrowUpRight aria-hidden className="size-3.5" />
        </a>
      )}
    </>
  );
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./, '');
}

/** Open while hovered or focused; after a click, a tap or Enter until it is dismissed, with the focus in it. */
function useDisclosure() {
  const [isOpen, setOpen] = useState(false);
  const [isPinned, setPinned] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isReturning = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  const show = (pinned: boolean) => {
    clearTimeout(timer.current);
    setPinned(pinned);
    setOpen(true);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  const soon = (work: () => void, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(work, ms);
  };
  const isLookedAt = !(isOpen && isPinned);
  const hover = {
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      if (pointerType === 'mouse' && isLookedAt) soon(() => show(false), OPEN_AFTER_MS);
    },
    onPointerLeave: ({ pointerType }: PointerEvent) => {
      if (pointerType === 'mouse' && isLookedAt) soon(hide, CLOSE_AFTER_MS);
    },
  };
  return {
    isOpen,
    isPinned,
    onOpenChange: (open: boolean) => !open && hide(),
    trigger: {
      ...hover,
      onClick: (event: MouseEvent) => {
        // The popover's own toggle would close what hovering has opened.
        event.preventDefault();
        if (isLookedAt) show(true);
        else hide();
      },
      onFocus: ({ currentTarget }: FocusEvent<HTMLElement>) => {
        if (isLookedAt && !isReturning.current && currentTarget.matches(':focus-visible')) show(false);
        isReturning.current = false;
      },
      onBlur: () => {
        if (isLookedAt) soon(hide, 0);
      },
    },
    content: {
      ...hover,
      onOpenAutoFocus: (event: Event) => {
        if (!isPinned) event.preventDefault();
      },
      onCloseAutoFocus: (event: Event) => {
        if (isPinned) isReturning.current = true;
        else event.preventDefault();
      },
    },
  };
}
