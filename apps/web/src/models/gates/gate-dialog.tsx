'use client';

import { type Gate, Gates, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { randomKey } from '@/api/random-key';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, SuggestedInput } from '@/ui/field';
import { Select } from '@/ui/select';

type GateDialogProps = { model: RegisteredModel; onClose: () => void };
/** A gate while it is written; its margin is text then. */
type Draft = { id: number; metric: string; direction: Gate['direction']; margin: string };

/** Says anew what a version must show to become the champion. */
export function GateDialog({ model, onClose }: GateDialogProps) {
  const t = useTranslations('models.gates');
  const queryClient = useQueryClient();
  const [key] = useState(randomKey);
  const [drafts, setDrafts] = useState<Draft[]>(() => {
    const there = model.gates.map((gate, index) => ({ ...gate, id: index, margin: String(gate.margin) }));
    return there.length > 0 ? there : [{ id: 0, metric: 'val_accuracy', direction: 'max', margin: '0' }];
  });
  const [isDouble, setDouble] = useState(false);
  const params = { modelId: model.id };
  const set = useCall(registryRoutes.setGates, {
    onSuccess: (changed) => {
      queryClient.setQueryData(routeKey(registryRoutes.get, { params }), changed);
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.gateChanges, { params }) });
      onClose();
    },
  });
  const metrics = [...new Set(model.versions.flatMap((version) => Object.keys(version.metrics)))];
  const change = (draftId: number, part: Partial<Draft>) =>
    setDrafts((all) => all.map((draft) => (draft.id === draftId ? { ...draft, ...part } : draft)));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    const parsed = Gates.safeParse(
      drafts.map(({ metric, direction, margin }) => ({ metric, direction, margin: Number(margin) || 0 })),
    );
    setDouble(!parsed.success);
    if (parsed.success) set.mutate({ params, body: { gates: parsed.data, reason, key } });
  };
  return (
    <Dialog open onOpenChange={onClose} title={t('dialog.title')} description={t('dialog.text')}>
      <form onSubmit={submit} className="grid grid-cols-1 gap-4">
        {set.error && <ProblemCard problem={set.error} />}
        <ul aria-label={t('title')} className="grid gap-3">
          {drafts.map((draft, index) => (
            <li key={draft.id} className="grid grid-cols-[1fr_auto] items-end gap-2 rounded-xl border p-3">
              <Field label={t('dialog.metric')}>
                {(control) => (
                  <SuggestedInput
                    {...control}
                    suggestions={metrics}
                    required
                    maxLength={250}
                    value={draft.metric}
                    onChange={(event) => change(draft.id, { metric: event.target.value })}
                    autoComplete="off"
                    spellCheck={false}
                  />
                )}
              </Field>
              <Button
                size="icon"
                variant="ghost"
                aria-label={t('dialog.remove', { number: index + 1 })}
                onClick={() => setDrafts((all) => all.filter((one) => one.id !== draft.id))}
              >
                <X aria-hidden />
              </Button>
              <div className="col-span-full grid grid-cols-2 gap-2">
                <Field label={t('dialog.direction')}>
                  {(control) => (
                    <Select
                      id={control.id}
                      value={draft.direction}
                      onValueChange={(value) => change(draft.id, { direction: value === 'min' ? 'min' : 'max' })}
                      options={(['max', 'min'] as const).map((value) => ({ value, label: t(`dialog.${value}`) }))}
                    />
                  )}
                </Field>
                <Field label={t('dialog.margin')}>
                  {(control) => (
                    <Input
                      {...control}
                      type="number"
                      step="any"
                      value={draft.margin}
                      onChange={(event) => change(draft.id, { margin: event.target.value })}
                    />
                  )}
                </Field>
              </div>
            </li>
          ))}
        </ul>
        {isDouble && (
          <p role="alert" className="text-danger text-sm">
            {t('dialog.double')}
          </p>
        )}
        <Button
          size="sm"
          className="justify-self-start"
          onClick={() =>
            setDrafts((all) => [
              ...all,
              { id: 1 + Math.max(-1, ...all.map((one) => one.id)), metric: '', direction: 'max', margin: '0' },
            ])
          }
        >
          <Plus aria-hidden />
          {t('dialog.add')}
        </Button>
        <Field label={t('dialog.reason')} hint={t('dialog.reasonHint')}>
          {(control) => <Input {...control} name="reason" maxLength={1000} />}
        </Field>
        <Button type="submit" variant="primary" busy={set.isPending}>
          {t('dialog.save')}
        </Button>
      </form>
    </Dialog>
  );
}
