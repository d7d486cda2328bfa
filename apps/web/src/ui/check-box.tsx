'use client';

import { Check } from 'lucide-react';
import { Checkbox } from 'radix-ui';
import { cn } from './cn';

type CheckBoxProps = {
  /** Said where no visible label names it. */
  label?: string;
  id?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
};

export function CheckBox({ label, id, checked, onChange, disabled, className }: CheckBoxProps) {
  return (
    <Checkbox.Root
      id={id}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next === true)}
      className={cn(
        'relative grid size-4 shrink-0 place-items-center rounded-sm border border-control bg-surface before:absolute before:-inset-2 disabled:opacity-40 data-[state=checked]:border-accent-strong data-[state=checked]:bg-accent-strong',
        className,
      )}
    >
      <Checkbox.Indicator>
        <Check aria-hidden className="size-3 text-bg" strokeWidth={3} />
      </Checkbox.Indicator>
    </Checkbox.Root>
  );
}
