'use client';

import { type ModelSummary, Stage, TaskType } from '@mallo/contracts';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { FilterMenu } from '@/ui/filter-menu';
import { FRAMEWORKS } from '../frameworks';
import { MetricFilter } from './metric-filter';
import type { ModelsChange } from './models-address';
import { hasFilters, type ModelsAddress, NO_FILTERS } from './models-address';
import { TagFilter } from './tag-filter';

/** Aliases that promoting moves. */
const ALIASES = ['champion', 'candidate', 'rollback'];

type ModelFiltersProps = { models: ModelSummary[]; address: ModelsAddress; change: ModelsChange };

/** What the list can be narrowed by; what is offered comes from the models that are seen. */
export function ModelFilters({ models, address, change }: ModelFiltersProps) {
  const t = useTranslations('models.filters');
  const task = useTranslations('config.tasks');
  const stage = useTranslations('models.stages');
  const { framework, alias, metrics, tags } = address;
  const named = (known: readonly string[], found: string[], chosen: string | null) => [
    ...new Set([...known, ...found, ...(chosen ? [chosen] : [])]),
  ];
  const frameworks = named(
    FRAMEWORKS,
    models.map(({ latest }) => latest.framework),
    framework,
  );
  const aliases = named(
    ALIASES,
    models.flatMap((model) => Object.keys(model.aliases)),
    alias,
  );
  const figures = named(
    ['val_accuracy', 'val_loss'],
    models.flatMap(({ latest }) => Object.keys(latest.metrics)),
    null,
  );
  const tagKeys = named(
    [],
    models.flatMap((model) => Object.keys({ ...model.tags, ...model.latest.tags })),
    null,
  );
  const conditions = [
    ...metrics.map((text) => ({ text, drop: { metrics: metrics.filter((one) => one !== text) } })),
    ...tags.map((text) => ({ text: `#${text}`, drop: { tags: tags.filter((one) => one !== text) } })),
  ];
  return (
    <fieldset aria-label={t('label')} className="flex min-w-0 flex-1 basis-72 flex-wrap items-center gap-2">
      <FilterMenu
        single
        label={t('task')}
        options={TaskType.options.map((value) => ({ value, label: task(value) }))}
        values={address.task ? [address.task] : []}
        onChange={([value]) => change({ task: TaskType.safeParse(value).data ?? null })}
      />
      <FilterMenu
        single
        label={t('framework')}
        options={frameworks.map((value) => ({ value, label: value }))}
        values={framework ? [framework] : []}
        onChange={([value]) => change({ framework: value ?? null })}
      />
      <FilterMenu
        single
        label={t('stage')}
        options={Stage.options.map((value) => ({ value, label: stage(value) }))}
        values={address.stage ? [address.stage] : []}
        onChange={([value]) => change({ stage: Stage.safeParse(value).data ?? null })}
      />
      <FilterMenu
        single
        label={t('alias')}
        options={aliases.map((value) => ({ value, label: `@${value}` }))}
        values={alias ? [alias] : []}
        onChange={([value]) => change({ alias: value ?? null })}
      />
      <MetricFilter names={figures} onAdd={(added) => change({ metrics: [...new Set([...metrics, ...added])] })} />
      <TagFilter names={tagKeys} onAdd={(condition) => change({ tags: [...new Set([...tags, condition])] })} />
      {conditions.map(({ text, drop }) => (
        <span
          key={text}
          className="inline-flex h-8 max-w-full items-center rounded-lg border border-accent-line bg-accent-soft pl-2.5 font-medium text-accent text-sm"
        >
          <span className="truncate">{text}</span>
          <button
            type="button"
            aria-label={t('drop', { condition: text })}
            onClick={() => change(drop)}
            className="grid size-7.5 shrink-0 place-items-center"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      {hasFilters(address) && (
        <Button size="sm" variant="ghost" onClick={() => change(NO_FILTERS)}>
          {t('clear')}
        </Button>
      )}
    </fieldset>
  );
}
