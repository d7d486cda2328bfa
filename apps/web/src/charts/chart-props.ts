import type { ReactNode } from 'react';
import type { DrawnCurve, Mark, Span } from './drawn-curve';
import type { AxisKind } from './plane';

export type ChartProps = {
  title: ReactNode;
  /** What a person sees in it, for those who do not. */
  summary: string;
  curves: readonly DrawnCurve[];
  /** Pixels of the plane with its axes. */
  height: number;
  axisKind: AxisKind;
  /** Words for the ticks of x, and for one x in a sentence. */
  textOfX: (ticks: readonly number[]) => string[];
  nameOfX: (x: number) => string;
  textOfY: (y: number) => string;
  /** Shorter, for the ticks. */
  tickOfY: (y: number) => string;
  isLogX: boolean;
  isLogY: boolean;
  /** What of x is seen; null is all of it. */
  span: Span | null;
  /** All of x; the curves may be only those of the span. */
  whole: Span;
  onSpan: (span: Span | null) => void;
  highlighted?: string | null;
  onHighlight?: (id: string | null) => void;
  onOpen?: () => void;
  /** What of y is seen, whatever the curves; left out: as much as they need. */
  heights?: Span;
  mark?: Mark | null;
  /** What the curves are, beside the title. */
  legend?: ReactNode;
  /** Whether the figures can be seen instead; false where they stand elsewhere. */
  hasTable?: boolean;
  children?: ReactNode;
};

/** Where the cursor is: pixels within the box, x of the plane, and which curve is nearest. */
export type CursorAt = { left: number; boxWidth: number; x: number; y: number; reach: number; nearest: string | null };
