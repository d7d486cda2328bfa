'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog as Radix, AlertDialog as RadixAlert } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { Button } from './button';
import { cn } from './cn';

const OVERLAY = 'fixed inset-0 z-40 animate-in fade-in-0 bg-[oklch(15%_0.01_225/0.45)]';
const PANEL =
  'fixed left-1/2 top-1/2 z-50 grid max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-md overflow-y-auto -translate-x-1/2 -translate-y-1/2 gap-4 rounded-2xl border bg-raised p-5 shadow-high animate-in fade-in-0 zoom-in-95';

/** Returns the focus to where it was when a panel opened: Radix does so only for a trigger that it knows. */
function useFocusBack() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      if (!(before.current instanceof HTMLElement && before.current.isConnected)) return;
      event.preventDefault();
      before.current.focus();
    },
  };
}

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  children: ReactNode;
};

export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  const t = useTranslations('common');
  const focusBack = useFocusBack();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={OVERLAY} />
        <Radix.Content className={PANEL} {...(description ? {} : { 'aria-describedby': undefined })} {...focusBack}>
          <div className="grid gap-1 pr-8">
            <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
            {description && <Radix.Description className="text-muted">{description}</Radix.Description>}
          </div>
          {children}
          <Radix.Close asChild>
            <Button variant="ghost" size="icon" aria-label={t('close')} className="absolute top-3 right-3">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ConfirmProps = {
  trigger: ReactNode;
  title: string;
  description: string;
  action: string;
  onConfirm: () => void;
};

/** Asks before something that cannot be undone. */
export function Confirm({ trigger, title, description, action, onConfirm }: ConfirmProps) {
  const t = useTranslations('common');
  return (
    <RadixAlert.Root>
      <RadixAlert.Trigger asChild>{trigger}</RadixAlert.Trigger>
      <RadixAlert.Portal>
        <RadixAlert.Overlay className={OVERLAY} />
        <RadixAlert.Content className={PANEL}>
          <div className="grid gap-1.5">
            <RadixAlert.Title className="font-semibold text-lg">{title}</RadixAlert.Title>
            <RadixAlert.Description className="text-muted">{description}</RadixAlert.Description>
          </div>
          <div className="flex justify-end gap-2">
            <RadixAlert.Cancel asChild>
              <Button>{t('back')}</Button>
            </RadixAlert.Cancel>
            <RadixAlert.Action asChild>
              <Button variant="danger" onClick={onConfirm}>
                {action}
              </Button>
            </RadixAlert.Action>
          </div>
        </RadixAlert.Content>
      </RadixAlert.Portal>
    </RadixAlert.Root>
  );
}

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
};

/** What slides in over the page at one of its edges. */
function EdgePanel({ open, onOpenChange, className, children }: Omit<SheetProps, 'title'> & { className: string }) {
  const focusBack = useFocusBack();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={OVERLAY} />
        <Radix.Content
          aria-describedby={undefined}
          className={cn('fixed inset-y-0 z-50 flex animate-in flex-col bg-surface shadow-high duration-200', className)}
          {...focusBack}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel that slides in from the left, over the page, on a phone. */
export function Sheet({ title, children, ...panel }: SheetProps) {
  return (
    <EdgePanel {...panel} className="slide-in-from-left left-0 w-72 overflow-hidden border-r">
      <Radix.Title className="sr-only">{title}</Radix.Title>
      {children}
    </EdgePanel>
  );
}

/** A panel that slides in from the right, beside what it is about; the whole screen on a phone. */
export function SidePanel({ title, children, isWide = false, ...panel }: SheetProps & { isWide?: boolean }) {
  const t = useTranslations('common');
  return (
    <EdgePanel
      {...panel}
      className={cn('slide-in-from-right right-0 w-full border-l', isWide ? 'max-w-[90rem]' : 'max-w-xl')}
    >
      <div className="flex min-h-13 shrink-0 items-center justify-between gap-3 border-b px-4 py-2 sm:px-6">
        <Radix.Title className="min-w-0 truncate font-semibold text-lg">{title}</Radix.Title>
        <Radix.Close asChild>
          <Button variant="ghost" size="icon" aria-label={t('close')}>
            <X aria-hidden />
          </Button>
        </Radix.Close>
      </div>
      {children}
    </EdgePanel>
  );
}
