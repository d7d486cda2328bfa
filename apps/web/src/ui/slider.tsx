'use client';

import { Slider as Radix } from 'radix-ui';

type SliderProps = {
  label: string;
  value: number;
  min?: number;
  max?: number;
  /** The value as people write it. */
  text: string;
  onChange: (value: number) => void;
};

export function Slider({ label, value, min = 0, max = 1, text, onChange }: SliderProps) {
  return (
    <div className="flex items-center gap-3 text-sm">
      <span className="shrink-0 text-muted">{label}</span>
      <Radix.Root
        value={[value]}
        min={min}
        max={max}
        step={0.01}
        onValueChange={([next]) => next !== undefined && onChange(next)}
        className="relative flex h-5 min-w-20 flex-1 touch-none select-none items-center"
      >
        <Radix.Track className="relative h-1 grow rounded-full bg-line-strong">
          <Radix.Range className="absolute h-full rounded-full bg-accent-strong" />
        </Radix.Track>
        <Radix.Thumb
          aria-label={label}
          aria-valuetext={text}
          className="block size-4 rounded-full border-2 border-accent-strong bg-surface shadow-low"
        />
      </Radix.Root>
      <span className="tabular w-10 text-right">{text}</span>
    </div>
  );
}
