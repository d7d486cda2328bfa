'use client';

import { type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
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
  move: (reasoned: Reasoned) => Promise<RegisteredModel>;
};

/** Asks why, before the aliases of a model are moved. */
export function AliasDialog({ trigger, title, description, action, move }: AliasDialogProps) {
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
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    if (key) moving.mutate({ reason, key });
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
          <Field label={t('reason')} hint={t('reasonHint')}>
            {(control) => <Input {...control} name="reason" maxLength={1000} />}
          </Field>
          <Button type="submit" variant="primary" busy={moving.isPending}>
            {action}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
