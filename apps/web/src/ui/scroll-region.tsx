import type { ReactNode } from 'react';
import { cn } from './cn';

/** Scrolls by itself, by keyboard too. */
export function ScrollRegion({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={label} tabIndex={0} className={cn('overflow-auto -outline-offset-2', className)}>
      {children}
    </section>
  );
}
