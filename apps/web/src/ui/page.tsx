'use client';

import { createContext, type ReactNode, useState } from 'react';
import { cn } from './cn';
import { PageHeading } from './page-heading';
import { Skeleton } from './skeleton';

/** What scrolls the page, for long lists of which only what is in sight is there. */
export const PageScroller = createContext<HTMLElement | null>(null);

type PageProps = {
  /** `null` until it is known, such as the name of a model that is still asked for. */
  title: string | null;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
};

/** A page of the dashboard with its heading. */
export function Page({ title, description, actions, children, className }: PageProps) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  return (
    <div ref={setScroller} className="min-h-0 flex-1 overflow-y-auto">
      <div className={cn('mx-auto grid w-full max-w-5xl grid-cols-1 gap-6 px-4 py-6 sm:px-8 sm:py-10', className)}>
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <div className="grid min-w-0 gap-1">
            {title === null ? (
              <Skeleton className="h-8 w-64" />
            ) : (
              <PageHeading title={title} className="font-bold text-2xl tracking-tight" />
            )}
            {description && <div className="text-muted">{description}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        <PageScroller value={scroller}>{children}</PageScroller>
      </div>
    </div>
  );
}
