import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('rounded-xl border bg-surface shadow-low', className)} {...props} />;
}

type SectionProps = { title: string; aside?: ReactNode; children: ReactNode; className?: string };

/** A titled card of a page. */
export function Section({ title, aside, children, className }: SectionProps) {
  return (
    <section>
      <Card className={cn('overflow-hidden', className)}>
        <div className="flex min-h-12 items-center justify-between gap-3 border-b px-4 py-2">
          <h2 className="font-semibold text-base">{title}</h2>
          {aside}
        </div>
        {children}
      </Card>
    </section>
  );
}
