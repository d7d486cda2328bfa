'use client';

import type { CurvePoint } from '@mallo/client';
import type { CardCurves as Curves } from '@mallo/contracts';
import { useMemo } from 'react';
import { TrainingCurves } from '@/runs/training-curves';
import { Card } from '@/ui/card';

/** How loss and accuracy went, epoch by epoch, as the run's own page draws them. */
export function CardCurves({ curves }: { curves: Curves[] }) {
  const points = useMemo(() => {
    const lines = curves.flatMap(({ epochs, lines: of }) =>
      of.map(({ name, values }): [string, CurvePoint[]] => [
        name,
        // The record of a training has no times.
        values.map((value, at) => [epochs[at] ?? at, value, 0]),
      ]),
    );
    return Object.fromEntries(lines);
  }, [curves]);
  return (
    <Card className="p-4">
      <TrainingCurves curves={points} epochs={curves[0]?.epochs.at(-1) ?? 1} batches={1} />
    </Card>
  );
}
