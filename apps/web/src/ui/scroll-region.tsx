import type { ComponentProps } from 'react';
import { cn } from './cn';

type ScrollRegionProps = Omit<ComponentProps<'section'>, 'aria-label'> & { label: string };

/** Scrolls by itself, by keyboard too. */
export function ScrollRegion({ label, className, ...props }: ScrollRegionProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className={cn('overflow-auto -outline-offset-2', className)}
      {...props}
    />
  );
}
