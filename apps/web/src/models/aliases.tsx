'use client';

import { type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { ArrowUpFromLine, Undo2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { client } from '@/api/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Link } from '@/ui/link';
import { AliasDialog } from './alias-dialog';
import { AliasHistory } from './alias-history';
import { deprecatedTargets } from './deprecated-targets';
import { MOVED_BY_PROMOTION, MoveOwnAlias, SetOwnAlias } from './own-alias';

/** Which version each alias points to, and how to move them. */
export function Aliases({ model, version }: { model: RegisteredModel; version: string }) {
  const t = useTranslations('models.aliases');
  const { champion, rollback } = model.aliases;
  const names = Object.keys(model.aliases).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const params = { modelId: model.id };
  const returned = champion && rollback ? deprecatedTargets(model, { champion: rollback, rollback: champion }) : [];
  const isDeprecated = model.versions.some((one) => one.version === version && one.deprecation !== null);
  return (
    <Section
      title={t('title')}
      aside={
        <div className="flex flex-wrap gap-2">
          {champion && rollback && (
            <AliasDialog
              trigger={(open) => (
                <Button size="sm" onClick={open}>
                  <Undo2 aria-hidden />
                  {t('rollback.action')}
                </Button>
              )}
              title={t('rollback.title', { before: rollback })}
              description={t('rollback.text', { now: champion, before: rollback })}
              action={t('rollback.action')}
              deprecated={returned}
              move={(why) => {
                const body = { ...why, from: champion, allowDeprecated: returned.length > 0 };
                return client.call(registryRoutes.rollback, { params, body });
              }}
            />
          )}
          {!isDeprecated && <SetOwnAlias model={model} version={version} />}
          {champion !== version && !isDeprecated && (
            <AliasDialog
              trigger={(open) => (
                <Button size="sm" variant="primary" onClick={open}>
                  <ArrowUpFromLine aria-hidden />
                  {t('promote.action', { version })}
                </Button>
              )}
              title={t('promote.title', { version })}
              description={champion ? t('promote.replaces', { champion }) : t('promote.first')}
              action={t('promote.confirm')}
              move={(why) => client.call(registryRoutes.promote, { params, body: { ...why, version } })}
            />
          )}
        </div>
      }
    >
      {names.length === 0 ? (
        <p className="p-4 text-muted">{t('none')}</p>
      ) : (
        <ul className="divide-y" aria-label={t('title')}>
          {names.map((alias) => (
            <li key={alias} className="flex min-h-11 flex-wrap items-center gap-3 px-4 py-2">
              <Badge
                tone={alias === 'champion' ? 'accent' : undefined}
                className="h-auto min-h-5.5 shrink whitespace-normal break-all"
              >
                @{alias}
              </Badge>
              <Link
                href={`/models/${model.id}?version=${model.aliases[alias]}`}
                className="tabular font-medium text-accent underline underline-offset-4"
              >
                {model.aliases[alias]}
              </Link>
              <span className="min-w-0 flex-1 truncate text-muted text-sm">
                {MOVED_BY_PROMOTION.includes(alias) && t(`meaning.${alias as 'champion'}`)}
              </span>
              {!MOVED_BY_PROMOTION.includes(alias) && model.aliases[alias] !== version && !isDeprecated && (
                <MoveOwnAlias model={model} version={version} alias={alias} />
              )}
              <AliasDialog
                trigger={(open) => (
                  <Button size="icon" variant="ghost" aria-label={t('remove.of', { alias })} onClick={open}>
                    <X aria-hidden />
                  </Button>
                )}
                title={t('remove.of', { alias })}
                description={t('remove.text', { version: model.aliases[alias] ?? '' })}
                action={t('remove.action')}
                move={(why) => client.call(registryRoutes.removeAlias, { params: { ...params, alias }, body: why })}
              />
            </li>
          ))}
        </ul>
      )}
      <AliasHistory model={model} />
    </Section>
  );
}

function rank(alias: string): number {
  const at = MOVED_BY_PROMOTION.indexOf(alias);
  return at < 0 ? MOVED_BY_PROMOTION.length : at;
}
