'use client';

import { TaskType, type ZooDetails, zooRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Segmented } from '@/ui/segmented';
import { Select } from '@/ui/select';

type Kind = 'python' | 'docker';

/** Adds a model of one's own, a Python file or a Docker image, and shows what was found out of it. */
export function AddModel({ onAdded }: { onAdded: (model: ZooDetails) => void }) {
  const t = useTranslations('zoo.add');
  const task = useTranslations('config.tasks');
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>('python');
  const [file, setFile] = useState<File | null>(null);
  const [taskType, setTaskType] = useState<TaskType>('classification');
  const adding = useCall(zooRoutes.add, {
    onSuccess: (model) => {
      for (const route of [zooRoutes.search, zooRoutes.facets, zooRoutes.details]) {
        void queryClient.invalidateQueries({ queryKey: routeKey(route) });
      }
      setOpen(false);
      onAdded(model);
    },
  });
  const change = (open: boolean) => {
    adding.reset();
    setFile(null);
    setOpen(open);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const name = text('name');
    if (kind === 'docker') return adding.mutate({ body: { kind, name, image: text('image'), taskType } });
    if (!file) return;
    const code = await file.text();
    const entry = text('entry') || undefined;
    adding.mutate({ body: { kind, name, code, entry, inputSize: Number(text('inputSize')) } });
  };
  return (
    <>
      <Button onClick={() => change(true)}>
        <Plus aria-hidden />
        {t('open')}
      </Button>
      <Dialog open={isOpen} onOpenChange={change} title={t('title')} description={t(`about.${kind}`)}>
        <form onSubmit={submit} className="grid gap-4">
          <Segmented
            label={t('kind')}
            value={kind}
            onValueChange={(next) => {
              adding.reset();
              setKind(next);
            }}
            options={[
              { value: 'python', label: t('kinds.python') },
              { value: 'docker', label: t('kinds.docker') },
            ]}
          />
          {adding.error && <ProblemCard problem={adding.error} />}
          <Field label={t('name')} hint={t('nameHint')}>
            {(control) => (
              <Input {...control} name="name" required pattern="[A-Za-z][A-Za-z0-9_\-]{2,62}" autoComplete="off" />
            )}
          </Field>
          {kind === 'python' ? (
            <>
              <Field label={t('file')} hint={t('fileHint')}>
                {(control) => (
                  <Input
                    {...control}
                    type="file"
                    accept=".py"
                    onChange={({ target }) => setFile(target.files?.[0] ?? null)}
                    className="h-auto py-1.5"
                  />
                )}
              </Field>
              <div className="grid gap-4 sm:grid-cols-2">
                <Field label={t('entry')} hint={t('entryHint')}>
                  {(control) => <Input {...control} name="entry" pattern="[A-Za-z_]\w*" autoComplete="off" />}
                </Field>
                <Field label={t('inputSize')} hint={t('inputSizeHint')}>
                  {(control) => (
                    <Input {...control} type="number" name="inputSize" defaultValue={224} min={8} max={1024} required />
                  )}
                </Field>
              </div>
            </>
          ) : (
            <>
              <Field label={t('image')} hint={t('imageHint')}>
                {(control) => <Input {...control} name="image" required maxLength={255} autoComplete="off" />}
              </Field>
              <Select
                label={t('task')}
                value={taskType}
                onValueChange={(value) => setTaskType(TaskType.parse(value))}
                options={TaskType.options.map((value) => ({ value, label: task(value) }))}
              />
            </>
          )}
          <Button type="submit" variant="primary" disabled={kind === 'python' && !file} busy={adding.isPending}>
            {t(adding.isPending && kind === 'python' ? 'looking' : 'action')}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
