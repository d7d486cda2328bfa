'use client';

import type { MetricValue } from '@mallo/contracts';
import { Crosshair, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import type { RunPoint } from './run-point';
import { useCurveWords } from './use-curve-words';

type PointNoteProps = { point: RunPoint; value: MetricValue | undefined; onForget?: () => void };

/** The point an answer speaks of, in words; the chart below marks it. */
export function PointNote({ point, value, onForget }: PointNoteProps) {
  const t = useTranslations('run.curves');
  const format = useFormat();
  const { nameOf, placeOf } = useCurveWords();
  const note = useRef<HTMLDivElement>(null);
  const { key, step } = point;

  useEffect(() => {
    // To the top, so that the charts below it are seen as well. (In new browsers this is a promise; an effect is none.)
    note.current?.scrollIntoView({ block: 'start' });
  }, [key, step]);

  const shown =
    typeof value !== 'number' ? value : key.endsWith('accuracy') ? format.percent(value, 1) : format.number(value, 4);
  return (
    <div
      ref={note}
      data-testid="run-point"
      className="flex scroll-mt-4 items-center gap-2.5 rounded-lg border border-warn-line bg-warn-soft py-1.5 pr-1.5 pl-3 text-sm"
    >
      <Crosshair aria-hidden className="size-4 shrink-0 text-warn" />
      <p role="status" className="min-w-0 flex-1">
        {shown === undefined
          ? t('pointMissing', { curve: nameOf(key), at: placeOf(point) })
          : t('point', { curve: nameOf(key), at: placeOf(point), value: shown })}
      </p>
      {onForget && (
        <Button variant="ghost" size="icon" aria-label={t('forgetPoint')} onClick={onForget}>
          <X aria-hidden />
        </Button>
      )}
    </div>
  );
}
