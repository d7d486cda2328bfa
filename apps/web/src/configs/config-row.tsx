import type { CardOrigins } from '@mallo/contracts';
import type { ReactNode } from 'react';
import { OriginBadge } from './origin-badge';

type ConfigRowProps = {
  label: string;
  origin: CardOrigins[string] | undefined;
  /** The message that was understood. */
  message: string;
  children: ReactNode;
};

/** One value of a config with its name before it and its origin after it (below it where it is narrow). */
export function ConfigRow({ label, origin, message, children }: ConfigRowProps) {
  return (
    <div className="grid min-h-9 grid-cols-[minmax(5.5rem,8.5rem)_minmax(0,1fr)] items-center gap-x-1 gap-y-0.5 px-2 pb-1.5 @md:pb-0 @md:grid-cols-[8.5rem_minmax(0,1fr)_minmax(0,9rem)]">
      <dt className="text-muted text-sm">{label}</dt>
      <dd className="min-w-0">{children}</dd>
      <dd className="col-start-2 flex min-w-0 justify-start px-2 @md:col-start-3 @md:justify-end @md:px-0">
        <OriginBadge origin={origin} message={message} />
      </dd>
    </div>
  );
}
