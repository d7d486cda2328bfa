'use client';

import { RunKind, RunStatus, trackingRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { Button } from '@/ui/button';
import { FilterMenu } from '@/ui/filter-menu';
import { isNarrowed, NO_FILTERS, type RunsAddress, type RunsChange } from './runs-address';

type RunFiltersProps = { projectId: string; address: RunsAddress; change: RunsChange };

/** What the runs can be narrowed by without words. */
export function RunFilters({ projectId, address, change }: RunFiltersProps) {
  const t = useTranslations('runs.filters');
  const status = useTranslations('run.status');
  const experiments = useRoute(trackingRoutes.experiments, { params: { projectId } });
  return (
    <fieldset aria-label={t('label')} className="flex min-w-0 flex-wrap items-center gap-2">
      <FilterMenu
        label={t('experiment')}
        options={(experiments.data ?? []).map(({ id, name, runCount }) => ({
          value: id,
          label: name,
          count: runCount,
        }))}
        values={address.experiments}
        onChange={(chosen) => change({ experiments: chosen })}
      />
      <FilterMenu
        label={t('status')}
        options={RunStatus.options.map((value) => ({ value, label: status(value) }))}
        values={address.statuses}
        onChange={(chosen) => change({ statuses: RunStatus.options.filter((one) => chosen.includes(one)) })}
      />
      <FilterMenu
        label={t('kind')}
        options={RunKind.options.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        values={address.kinds}
        onChange={(chosen) => change({ kinds: RunKind.options.filter((one) => chosen.includes(one)) })}
      />
      {isNarrowed(address) && (
        <Button size="sm" variant="ghost" onClick={() => change(NO_FILTERS)}>
          {t('clear')}
        </Button>
      )}
    </fieldset>
  );
}
