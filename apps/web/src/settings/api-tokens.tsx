'use client';

import { type ApiToken, identityRoutes, projectRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';
import { Confirm, Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';

/** Tokens by which programs act for the person. */
export function ApiTokens() {
  const t = useTranslations('settings.tokens');
  const queryClient = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const tokens = useRoute(identityRoutes.tokens, {});
  const projects = useRoute(projectRoutes.list, {}).data ?? [];
  const projectId = chosen ?? projects[0]?.id;
  const refresh = () => queryClient.invalidateQueries({ queryKey: routeKey(identityRoutes.tokens) });
  const create = useCall(identityRoutes.createToken, { onSuccess: refresh });
  const revoke = useCall(identityRoutes.deleteToken, { onSuccess: refresh });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name) create.mutate({ body: { name, ...(projectId ? { projectId } : {}) } });
  };
  const onOpenChange = (open: boolean) => {
    create.reset();
    setCreating(open);
  };
  return (
    <Section
      title={t('title')}
      aside={
        <Button size="sm" onClick={() => onOpenChange(true)}>
          <Plus aria-hidden />
          {t('create')}
        </Button>
      }
    >
      {(tokens.error ?? revoke.error) && (
        <ProblemCard problem={tokens.error ?? revoke.error ?? new Error()} className="m-4" />
      )}
      {tokens.isPending && <Skeleton className="m-4 h-10" />}
      {tokens.data?.length === 0 && <p className="px-4 py-6 text-center text-muted">{t('empty')}</p>}
      <ul className="divide-y">
        {tokens.data?.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            project={projects.find(({ id }) => id === token.projectId)?.name}
            onRevoke={() => revoke.mutate({ params: { tokenId: token.id } })}
          />
        ))}
      </ul>
      <Dialog
        open={isCreating}
        onOpenChange={onOpenChange}
        title={t('create')}
        description={create.data ? t('once') : t('createHint')}
      >
        {create.data ? (
          <div className="grid gap-4">
            <div className="flex items-center gap-2 rounded-lg border bg-sunken py-1.5 pr-1.5 pl-3">
              <code className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{create.data.token}</code>
              <CopyButton text={create.data.token} label={t('copy')} />
            </div>
            <Button variant="primary" onClick={() => onOpenChange(false)}>
              {t('done')}
            </Button>
          </div>
        ) : (
          <form onSubmit={submit} className="grid gap-4">
            {create.error && <ProblemCard problem={create.error} />}
            <Field label={t('name')}>
              {(control) => (
                <Input {...control} name="name" maxLength={100} placeholder={t('namePlaceholder')} required />
              )}
            </Field>
            {projectId && (
              <Field label={t('project')} hint={t('projectHint')}>
                {({ id }) => (
                  <Select
                    id={id}
                    value={projectId}
                    onValueChange={setChosen}
                    options={projects.map(({ id: value, name: label }) => ({ value, label }))}
                  />
                )}
              </Field>
            )}
            <Button type="submit" variant="primary" busy={create.isPending}>
              {t('createAction')}
            </Button>
          </form>
        )}
      </Dialog>
    </Section>
  );
}

function TokenRow({ token, project, onRevoke }: { token: ApiToken; project?: string; onRevoke: () => void }) {
  const t = useTranslations('settings.tokens');
  const format = useFormat();
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-medium">{token.name}</span>
          <code className="text-muted text-xs">{t('prefix', { prefix: token.prefix })}</code>
        </p>
        <p className="text-muted text-sm">
          {project && `${project} · `}
          {token.lastUsedAt ? t('used', { when: format.ago(token.lastUsedAt) }) : t('neverUsed')}
        </p>
      </div>
      <Confirm
        trigger={<Button size="sm">{t('revoke')}</Button>}
        title={t('revokeTitle', { name: token.name })}
        description={t('revokeText')}
        action={t('revoke')}
        onConfirm={onRevoke}
      />
    </li>
  );
}
