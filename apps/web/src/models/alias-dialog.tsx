'use client';

import { type ModelVersionSummary, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, type ReactNode, useState } from 'react';
import { randomKey } from '@/api/random-key';
import { routeKey } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { GateRefusal } from './gates/gate-refusal';

type Reasoned = { reason: string; key: string };

type AliasDialogProps = {
  /** The button that opens it. */
  trigger: (open: () => void) => ReactNode;
  title: string;
  description: string;
  action: string;
  /** Deprecated versions that it leads to: then it has to be said why they are used all the same. */
  deprecated?: ModelVersionSummary[];
  /** Fields that stand before the reason, and whether what is in them can be sent. */
  children?: ReactNode;
  check?: () => boolean;
  move: (reasoned: Reasoned) => Promise<RegisteredModel>;
};

/** Asks why, before the aliases of a model are moved. */
export function AliasDialog({ trigger, title, description, action, move, ...more }: AliasDialogProps) {
  const { deprecated = [], children, check = () => true } = more;
  const t = useTranslations('models.aliases');
  const queryClient = useQueryClient();
  // Made when the dialog opens, so that pressing again after a lost answer moves nothing twice.
  const [key, setKey] = useState<string | null>(null);
  const moving = useMutation({
    mutationFn: move,
    onSuccess: (model) => {
      const of = { params: { modelId: model.id } };
      queryClient.setQueryData(routeKey(registryRoutes.get, of), model);
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.aliasChanges, of) });
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list) });
      setKey(null);
    },
    // It may have been refused for what was not known here yet.
    onError: () => void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.get) }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    if (check() && key) moving.mutate({ reason, key });
  };
  const change = (open: boolean) => {
    moving.reset();
    setKey(open ? randomKey() : null);
  };
  return (
    <>
      {trigger(() => change(true))}
      <Dialog open={key !== null} onOpenChange={change} title={title} description={description}>
        <form onSubmit={submit} className="grid gap-4">
          {moving.error && <ProblemCard problem={moving.error} />}
          {moving.error && <GateRefusal error={moving.error} />}
          {deprecated.map(({ version, deprecation }) => (
            <p key={version} className="flex items-start gap-2 rounded-lg border bg-sunken px-3 py-2">
              <Ban aria-hidden className="mt-0.5 size-4.5 shrink-0 text-warn" />
              {t('deprecated', { version, reason: deprecation ?? '' })}
            </p>
          ))}
          {children}
          <Field label={t('reason')} hint={deprecated.length > 0 ? t('reasonNeeded') : t('reasonHint')}>
            {(control) => (
              // A text of spaces is none.
              <Input {...control} name="reason" maxLength={1000} required={deprecated.length > 0} pattern=".*\S.*" />
            )}
          </Field>
          <Button type="submit" variant="primary" busy={moving.isPending}>
            {action}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
