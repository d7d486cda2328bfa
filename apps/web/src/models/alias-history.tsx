'use client';

import { type AliasChange, type AliasState, ownValue, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { client } from '@/api/client';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { AliasDialog } from './alias-dialog';
import { deprecatedTargets } from './deprecated-targets';

/** Who moved which alias, when and why; any state of it can be returned to. */
export function AliasHistory({ model }: { model: RegisteredModel }) {
  const t = useTranslations('models.aliases');
  const changes = useRoute(registryRoutes.aliasChanges, { params: { modelId: model.id } });
  return (
    <div className="border-t">
      <h3 className="px-4 pt-3 font-medium text-sm">{t('history')}</h3>
      {changes.error && <ProblemCard problem={changes.error} onRetry={() => changes.refetch()} />}
      {changes.isPending && <Skeleton className="m-4 h-10" />}
      {changes.data?.length === 0 && <p className="px-4 py-3 text-muted text-sm">{t('noHistory')}</p>}
      <ol className="max-h-80 divide-y overflow-y-auto" aria-label={t('history')}>
        {changes.data?.map((change) => (
          <li key={change.id}>
            <Change change={change} model={model} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Change({ change, model }: { change: AliasChange; model: RegisteredModel }) {
  const t = useTranslations('models.aliases');
  const format = useFormat();
  const aliases = [...new Set([...Object.keys(change.before), ...Object.keys(change.after)])];
  const moved = aliases.filter((alias) => ownValue(change.before, alias) !== ownValue(change.after, alias));
  const deprecated = deprecatedTargets(model, change.after);
  return (
    <div className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="text-sm">
          <span className="font-medium">{t(`actions.${change.action}`)}</span>{' '}
          <span className="text-muted">
            {t('byAt', { by: change.by ?? t('training'), at: format.date(change.at) })}
          </span>
        </p>
        <ul className="tabular text-sm">
          {moved.map((alias) => (
            <li key={alias}>
              {t('moved', {
                alias,
                before: ownValue(change.before, alias) ?? t('nothing'),
                after: ownValue(change.after, alias) ?? t('nothing'),
              })}
            </li>
          ))}
        </ul>
        {change.reason && <p className="whitespace-pre-wrap text-muted text-sm">{change.reason}</p>}
      </div>
      {!same(change.after, model.aliases) && (
        <AliasDialog
          trigger={(open) => (
            <Button size="sm" onClick={open}>
              {t('restore.action')}
            </Button>
          )}
          title={t('restore.title')}
          description={t('restore.text', { at: format.date(change.at) })}
          action={t('restore.action')}
          deprecated={deprecated}
          move={(why) => {
            const params = { modelId: model.id, changeId: change.id };
            const body = { ...why, allowDeprecated: deprecated.length > 0 };
            return client.call(registryRoutes.restoreAliases, { params, body });
          }}
        />
      )}
    </div>
  );
}

function same(one: AliasState, other: AliasState): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
