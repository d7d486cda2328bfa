import type { ReactNode } from 'react';
import { cn } from './cn';
import { CopyButton } from './copy-button';
import { ScrollRegion } from './scroll-region';

type CodeBlockProps = {
  heading: ReactNode;
  code: string;
  /** Of the code, for a screen reader. */
  label: string;
  copyLabel: string;
  className?: string;
};

/** Code under its heading, to copy. */
export function CodeBlock({ heading, code, label, copyLabel, className }: CodeBlockProps) {
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        {heading}
        <CopyButton text={code} label={copyLabel} />
      </div>
      <ScrollRegion label={label} className={cn('rounded-lg bg-sunken p-3', className)}>
        <pre className="font-mono text-sm">{code}</pre>
      </ScrollRegion>
    </>
  );
}
