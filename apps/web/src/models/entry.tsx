import type { ReactNode } from 'react';

/** What is said of a version, in a list of such. */
export function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-baseline justify-between gap-4 border-b py-1.5">
      <dt className="shrink-0 text-muted text-sm">{label}</dt>
      <dd className="wrap-anywhere min-w-0 text-right font-medium">{children}</dd>
    </div>
  );
}
