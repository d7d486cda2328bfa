import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyStateProps = { icon: LucideIcon; title: string; text: string; heading?: 'h1' | 'h2'; children?: ReactNode };

export function EmptyState({ icon: Icon, title, text, heading: Heading = 'h2', children }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-1 rounded-xl border border-line-strong border-dashed px-6 py-14 text-center">
      <span className="mb-3 grid size-11 place-items-center rounded-xl border bg-surface text-muted shadow-low">
        <Icon aria-hidden className="size-5" />
      </span>
      <Heading className="font-semibold text-lg">{title}</Heading>
      <p className="max-w-sm text-muted">{text}</p>
      {children && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
