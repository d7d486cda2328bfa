'use client';

import type { DatasetVersion } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';

type ClassBarsProps = {
  classes: DatasetVersion['classes'];
  selected: string | null;
  onSelect: (className: string | null) => void;
};

/** Images of each class as bars; choosing one shows its images only. */
export function ClassBars({ classes, selected, onSelect }: ClassBarsProps) {
  const t = useTranslations('datasets');
  const format = useFormat();
  const most = Math.max(1, ...classes.map(({ imageCount }) => imageCount));
  return (
    <ul className="grid max-h-96 gap-px overflow-y-auto p-2">
      {classes.map(({ name, imageCount }) => (
        <li key={name}>
          <button
            type="button"
            aria-pressed={selected === name}
            onClick={() => onSelect(selected === name ? null : name)}
            className={cn(
              'grid w-full grid-cols-[minmax(4rem,8rem)_1fr_3.5rem] items-center gap-3 rounded-md px-2 py-1 text-left hover:bg-hover',
              selected === name && 'bg-accent-soft',
            )}
          >
            <span className="truncate" title={name}>
              {name}
            </span>
            <span className="h-2 rounded-full bg-hover">
              <span
                className="block h-2 rounded-full bg-accent-strong"
                style={{ width: `${(imageCount / most) * 100}%` }}
              />
            </span>
            <span className="tabular text-right text-muted text-sm">
              {format.whole(imageCount)}
              <span className="sr-only">{t('onlyThis')}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
