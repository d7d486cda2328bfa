import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';

const VARIANTS = {
  primary: 'bg-solid text-solid-fg hover:bg-solid-hover',
  secondary: 'border border-line-strong bg-surface text-fg shadow-low hover:bg-hover',
  ghost: 'text-muted hover:bg-hover hover:text-fg aria-pressed:bg-hover aria-pressed:text-fg',
  danger: 'bg-danger-solid text-white hover:opacity-90',
} as const;

const SIZES = {
  sm: 'h-7 gap-1.5 px-2.5 text-sm rounded-md',
  md: 'h-9 gap-2 px-3.5 text-base rounded-lg',
  lg: 'h-11 gap-2 px-5 text-lg rounded-lg',
  icon: 'size-8 rounded-md',
} as const;

type ButtonProps = ComponentProps<'button'> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Shows that what it does is under way, and takes no second press. */
  busy?: boolean;
  /** Gives its looks to its only child, such as a link. */
  asChild?: boolean;
};

export function Button({ variant = 'secondary', size = 'md', busy, asChild, className, ...props }: ButtonProps) {
  const classes = cn(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium',
    'transition-colors duration-100 disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
  if (asChild) return <Slot.Root className={classes} {...props} />;
  return (
    <button
      type="button"
      className={classes}
      {...props}
      disabled={props.disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy && <LoaderCircle aria-hidden className="animate-spin" />}
      {props.children}
    </button>
  );
}
