'use client';

import { NewModelName, registryRoutes, VersionBump } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useRested } from '@/ui/use-rested';

type VersionChoiceProps = {
  projectId: string;
  /** Of the model, as it is typed. */
  name: string;
  value: VersionBump;
  onChange: (bump: VersionBump) => void;
};

/** Major, minor or patch, each with the version that it would make. */
export function VersionChoice({ projectId, name, value, onChange }: VersionChoiceProps) {
  const t = useTranslations('models.register.version');
  const model = NewModelName.safeParse(name).data ?? null;
  const rested = useRested(model);
  const next = useRoute(
    registryRoutes.nextVersions,
    rested === null ? null : { params: { projectId }, query: { name: rested } },
  );
  // Those of another name would mislead.
  const versions = rested === model ? next.data : undefined;
  const isFirst = versions !== undefined && new Set(Object.values(versions)).size === 1;
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{t('label')}</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {VersionBump.options.map((bump) => (
          <label
            key={bump}
            className="flex cursor-pointer items-start gap-2.5 rounded-xl border border-line-strong bg-surface px-3 py-2.5 transition-colors hover:border-control has-checked:border-accent-line has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="bump"
              value={bump}
              checked={value === bump}
              onChange={() => onChange(bump)}
              className="mt-1 accent-(--color-accent-strong)"
            />
            <span className="grid min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline justify-between gap-x-2">
                <span className="font-medium">{t(`bumps.${bump}`)}</span>{' '}
                <span className="tabular font-semibold">{versions?.[bump] ?? '–'}</span>
              </span>
              <span className="text-muted text-sm">{t(`meaning.${bump}`)}</span>
            </span>
          </label>
        ))}
      </div>
      <p role="status" className="min-h-5 text-muted text-sm">
        {isFirst ? t('first') : versions ? t('next', { version: versions[value] }) : t('unknown')}
      </p>
      {next.error && <ProblemCard problem={next.error} onRetry={() => next.refetch()} />}
    </fieldset>
  );
}
