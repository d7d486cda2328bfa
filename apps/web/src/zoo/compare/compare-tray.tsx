'use client';

import { ZOO_COMPARE_MAX } from '@mallo/contracts';
import { Scale, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import type { ZooAddress, ZooChange } from '../zoo-address';

/** The models chosen to compare, at the foot of the list. */
export function CompareTray({ address, change }: { address: ZooAddress; change: ZooChange }) {
  const t = useTranslations('zoo.compare');
  const { compare } = address;
  if (compare.length === 0) return null;
  return (
    <section
      aria-label={t('chosen')}
      className="flex shrink-0 flex-wrap items-center gap-2 border-t bg-raised px-4 py-2.5 shadow-high sm:px-8"
    >
      <ul className="flex min-w-0 flex-1 gap-1.5 overflow-x-auto py-1">
        {compare.map((key) => {
          const name = key.slice(key.indexOf('/') + 1);
          return (
            <li
              key={key}
              className="flex h-7 shrink-0 items-center gap-1 rounded-md bg-accent-soft pl-2.5 font-medium text-accent text-sm"
            >
              {name}
              <button
                type="button"
                aria-label={t('remove', { name })}
                onClick={() => change((now) => ({ compare: now.compare.filter((one) => one !== key) }), 'replace')}
                className="grid size-7 place-items-center rounded-md hover:bg-hover"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ul>
      <span className="tabular text-muted text-sm">{`${compare.length} / ${ZOO_COMPARE_MAX}`}</span>
      <Button size="sm" variant="ghost" onClick={() => change({ compare: [] }, 'replace')}>
        {t('clear')}
      </Button>
      <Button size="sm" variant="primary" disabled={compare.length < 2} onClick={() => change({ isComparing: true })}>
        <Scale aria-hidden />
        {t('action')}
      </Button>
    </section>
  );
}
