import { cn } from './cn';

type ProgressProps = {
  label: string;
  value: number | null;
  max?: number;
  className?: string;
  tone?: 'accent' | 'neutral';
};

/** A bar; without a value it only says that something goes on. */
export function Progress({ label, value, max = 1, className, tone = 'accent' }: ProgressProps) {
  const share = value === null || max <= 0 ? null : Math.min(1, Math.max(0, value / max));
  const color = tone === 'accent' ? 'bg-accent-strong' : 'bg-control';
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value ?? undefined}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-hover', className)}
    >
      {share === null ? (
        <div className={cn('h-full w-1/3 animate-[sweep_1.4s_ease-in-out_infinite] rounded-full', color)} />
      ) : (
        <div
          className={cn('h-full rounded-full transition-[width] duration-300 ease-out', color)}
          style={{ width: `${share * 100}%` }}
        />
      )}
    </div>
  );
}
