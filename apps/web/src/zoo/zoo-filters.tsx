'use client';

import { ModelSource, TaskType, type ZooFacets, zooRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { Button } from '@/ui/button';
import { FilterMenu, type FilterOption } from '@/ui/filter-menu';
import { FilterRange } from '@/ui/filter-range';
import { useZooText } from './use-zoo-text';
import type { ZooChange } from './zoo-address';
import { filtersOf, hasFilters, NO_FILTERS, type ZooAddress } from './zoo-address';

type Facet = 'taskType' | 'source' | 'family' | 'license' | 'inputSize';
const FACETS: readonly Facet[] = ['taskType', 'source', 'family', 'license', 'inputSize'];

/** What the list can be narrowed by; each choice says how many models it would leave. */
export function ZooFilters({ address, change }: { address: ZooAddress; change: ZooChange }) {
  const t = useTranslations('zoo');
  // The counts of before stay while others come.
  const { data: facets } = useRoute(zooRoutes.facets, { query: filtersOf(address) }, { keepsBefore: true });
  const optionsOf = useFacetOptions(facets);
  const flags = (['trainable', 'pretrained'] as const).map((value) => ({
    value,
    label: t(`filters.${value}`),
    count: facets?.[value].find((one) => one.value === 'true')?.count,
  }));
  return (
    <fieldset aria-label={t('filters.label')} className="flex flex-wrap items-center gap-2">
      {FACETS.map((facet) => {
        const value = address[facet];
        return (
          <FilterMenu
            key={facet}
            single
            label={t(`filters.${facet}`)}
            options={optionsOf(facet, value === null ? null : String(value))}
            values={value === null ? [] : [String(value)]}
            onChange={([chosen]) => change(facetChange(facet, chosen ?? null))}
          />
        );
      })}
      <FilterRange
        label={t('filters.params')}
        unit="M"
        value={{ min: address.minParamsM, max: address.maxParamsM }}
        onChange={({ min, max }) => change({ minParamsM: min, maxParamsM: max })}
      />
      <FilterRange
        label={t('filters.gmacs')}
        unit="G"
        value={{ min: address.minGflops, max: address.maxGflops }}
        onChange={({ min, max }) => change({ minGflops: min, maxGflops: max })}
      />
      <FilterMenu
        label={t('filters.has')}
        options={flags}
        values={flags.flatMap(({ value }) => (address[value] ? value : []))}
        onChange={(chosen) =>
          change({ pretrained: chosen.includes('pretrained'), trainable: chosen.includes('trainable') })
        }
      />
      {hasFilters(address) && (
        <Button size="sm" variant="ghost" onClick={() => change(NO_FILTERS)}>
          {t('filters.clear')}
        </Button>
      )}
    </fieldset>
  );
}

/** The choices of a filter in the words of the page; the chosen one is there also where nothing is left of it. */
function useFacetOptions(facets: ZooFacets | undefined): (facet: Facet, chosen: string | null) => FilterOption[] {
  const task = useTranslations('config.tasks');
  const text = useZooText();
  const labelOf = (facet: Facet, value: string): string => {
    if (facet === 'taskType') return task(TaskType.parse(value));
    if (facet === 'source') return text.source(ModelSource.parse(value));
    return facet === 'inputSize' ? text.pixels(Number(value)) : value;
  };
  return (facet, chosen) => {
    const counted: FilterOption[] = (facets?.[facet] ?? []).map(({ value, count }) => ({
      value,
      label: labelOf(facet, value),
      count,
    }));
    const isListed = chosen === null || counted.some(({ value }) => value === chosen);
    return isListed ? counted : [{ value: chosen, label: labelOf(facet, chosen), count: 0 }, ...counted];
  };
}

function facetChange(facet: Facet, value: string | null): Partial<ZooAddress> {
  if (facet === 'inputSize') return { inputSize: value === null ? null : Number(value) };
  return { [facet]: value };
}
