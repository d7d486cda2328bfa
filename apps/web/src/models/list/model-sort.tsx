'use client';

import type { ModelSummary } from '@mallo/contracts';
import { ArrowDownWideNarrow, ArrowUpNarrowWide } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { Select } from '@/ui/select';
import type { ModelsChange } from './models-address';
import { isAscending, type ModelsAddress } from './models-address';

type ModelSortProps = { models: ModelSummary[]; address: ModelsAddress; change: ModelsChange };

/** By what the models are sorted: when, by name, or by any figure that one of them has. */
export function ModelSort({ models, address, change }: ModelSortProps) {
  const t = useTranslations('models.sort');
  const figures = new Set(['val_accuracy', ...models.flatMap(({ latest }) => Object.keys(latest.metrics))]);
  const options = [
    ...(['changed', 'created', 'name'] as const).map((value) => ({ value: value as string, label: t(value) })),
    ...[...figures].map((name) => ({ value: `metric:${name}`, label: name })),
  ];
  const isListed = options.some(({ value }) => value === address.sort);
  const ascends = isAscending(address);
  const Direction = ascends ? ArrowUpNarrowWide : ArrowDownWideNarrow;
  return (
    <div className="flex shrink-0 items-center gap-2">
      <Select
        label={t('label')}
        className="h-8 w-44"
        value={address.sort}
        onValueChange={(sort) => change({ sort, order: null })}
        options={isListed ? options : [...options, { value: address.sort, label: address.sort.replace('metric:', '') }]}
      />
      <Button
        size="icon"
        aria-label={t(ascends ? 'ascending' : 'descending')}
        onClick={() => change({ order: ascends ? 'desc' : 'asc' })}
      >
        <Direction aria-hidden />
      </Button>
    </div>
  );
}
