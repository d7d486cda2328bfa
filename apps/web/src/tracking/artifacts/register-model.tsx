'use client';

import { type RunModel, registryRoutes, runArtifactRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { randomKey } from '@/api/random-key';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, SuggestedInput } from '@/ui/field';

type RegisterModelProps = { projectId: string; runId: string; model: RunModel };

/** Makes the next version of a registered model of one that a run logged. */
export function RegisterModel({ projectId, runId, model }: RegisterModelProps) {
  const t = useTranslations('runs.artifacts');
  const queryClient = useQueryClient();
  // Made when the dialog opens, so that pressing again after a lost answer makes no second version.
  const [key, setKey] = useState<string | null>(null);
  const registered = useRoute(registryRoutes.list, key ? { params: { projectId }, query: { limit: 100 } } : null);
  const of = { params: { projectId, runId } };
  const register = useCall(runArtifactRoutes.register, {
    onSuccess: ({ name, version }) => {
      void queryClient.invalidateQueries({ queryKey: routeKey(runArtifactRoutes.models, of) });
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list) });
      toast.success(t('registered', { name, version }));
      setKey(null);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    if (key) register.mutate({ ...of, body: { source: model.source, name, key } });
  };
  const change = (open: boolean) => {
    register.reset();
    setKey(open ? randomKey() : null);
  };
  return (
    <>
      <Button size="sm" variant="primary" onClick={() => change(true)}>
        {t('register')}
      </Button>
      <Dialog open={key !== null} onOpenChange={change} title={t('register')} description={t('registerText')}>
        <form onSubmit={submit} className="grid gap-4">
          {register.error && <ProblemCard problem={register.error} />}
          <Field label={t('name')} hint={t('nameHint')}>
            {(control) => (
              <SuggestedInput
                {...control}
                name="name"
                defaultValue={model.versions[0]?.name ?? model.name}
                suggestions={registered.data?.models.map(({ name }) => name) ?? []}
                required
                maxLength={200}
                autoComplete="off"
              />
            )}
          </Field>
          <Button type="submit" variant="primary" busy={register.isPending}>
            {t('register')}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
