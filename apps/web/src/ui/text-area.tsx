import type { ComponentProps } from 'react';
import { cn } from './cn';
import { CONTROL } from './field';

/** Text of several lines, in the looks of a field. */
export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(CONTROL, 'h-auto min-h-24 resize-y py-2', className)} {...props} />;
}
