'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  options: { value: T; label: ReactNode }[];
};

/** One of a few, all of them in sight. */
export function Segmented<T extends string>({ label, value, onValueChange, options }: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next && onValueChange(next as T)}
      className="inline-flex gap-0.5 rounded-lg border bg-sunken p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-3 font-medium text-muted text-sm transition-colors hover:text-fg data-[state=on]:bg-raised data-[state=on]:text-fg data-[state=on]:shadow-low [&_svg]:size-3.5"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
