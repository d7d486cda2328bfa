'use client';

import { NewModelName, type Run, registryRoutes, runRoutes, type VersionBump } from '@mallo/contracts';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, SuggestedInput } from '@/ui/field';
import { Skeleton } from '@/ui/skeleton';
import { TextArea } from '@/ui/text-area';
import { useRested } from '@/ui/use-rested';
import { modelHref } from '../model-href';
import { RunChoice } from './run-choice';
import { RunFiles } from './run-files';
import { useRegistration } from './use-registration';
import { VersionChoice } from './version-choice';

/** Makes a version of the files that a training of the project left. */
export function RegisterRunForm({ projectId }: { projectId: string }) {
  const t = useTranslations('models.register.run');
  const [runId, setRunId] = useState<string | null>(null);
  const run = useRoute(runRoutes.get, runId ? { params: { runId } } : null);
  return (
    <div className="grid grid-cols-1 gap-6">
      <Section title={t('title')}>
        <div className="grid grid-cols-1 gap-5 p-4">
          <RunChoice projectId={projectId} value={runId} onChange={setRunId} />
          {run.error && <ProblemCard problem={run.error} onRetry={() => run.refetch()} />}
          {runId && <RunFiles projectId={projectId} runId={runId} />}
        </div>
      </Section>
      {run.isLoading && <Skeleton className="h-80 rounded-xl" />}
      {run.data && <Description key={run.data.id} run={run.data} />}
    </div>
  );
}

/** As what the run is registered. Its config, figures, classes and dataset are the run's. */
function Description({ run }: { run: Run }) {
  const t = useTranslations('models.register');
  const { projectId } = run;
  const { register, send } = useRegistration(projectId);
  const [name, setName] = useState(run.model?.name ?? `${run.datasetName}-${run.modelName}`);
  const [bump, setBump] = useState<VersionBump>('minor');
  const [memo, setMemo] = useState('');
  const [wasPressed, setPressed] = useState(false);
  const search = useRested(name.trim().slice(0, 200));
  const models = useRoute(registryRoutes.list, { params: { projectId }, query: { search, limit: 20 } });
  const read = NewModelName.safeParse(name);
  const nameProblem = name.trim() === '' ? 'required' : 'name';

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPressed(true);
    if (memo.length > 10_000) return;
    if (!read.success) {
      event.currentTarget.querySelector<HTMLElement>('[name="name"]')?.focus();
      return;
    }
    send({
      ...{ name: read.data, bump, memo, run: run.id, framework: 'pytorch', architecture: architectureOf(run) },
      ...{ taskType: run.config.taskType, inputShape: null, metrics: {} },
    });
  };
  return (
    <form onSubmit={submit} noValidate aria-label={t('title')} className="grid grid-cols-1 gap-6">
      <Section title={t('model')}>
        <div className="grid grid-cols-1 gap-5 p-4">
          {run.model && (
            <p className="text-muted">
              {t.rich('run.made', {
                name: run.model.name,
                version: run.model.version,
                link: (text) => (
                  <Link
                    href={run.model ? modelHref(run.model) : '/models'}
                    className="font-medium text-accent underline underline-offset-4"
                  >
                    {text}
                  </Link>
                ),
              })}
            </p>
          )}
          <Field
            label={t('name')}
            hint={t('nameHint')}
            error={wasPressed && !read.success ? t(`invalid.${nameProblem}`) : null}
          >
            {(control) => (
              <SuggestedInput
                {...control}
                name="name"
                value={name}
                onChange={(event) => setName(event.target.value)}
                suggestions={models.data?.models.map((model) => model.name) ?? []}
                required
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <VersionChoice projectId={projectId} name={name} value={bump} onChange={setBump} />
          <Field label={t('memo')} hint={t('memoHint')} error={memo.length > 10_000 ? t('invalid.memo') : null}>
            {(control) => <TextArea {...control} value={memo} onChange={(event) => setMemo(event.target.value)} />}
          </Field>
        </div>
      </Section>
      {register.error && <ProblemCard problem={register.error} />}
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-64 text-muted text-sm">{t('run.rest')}</p>
        <Button type="submit" variant="primary" size="lg" busy={register.isPending || register.isSuccess}>
          {t('action')}
        </Button>
      </div>
    </form>
  );
}

/** As the training itself registers it: of a model of one's own the class in the file that lies among the artifacts. */
function architectureOf({ config }: Run): string {
  return config.model.code ? `model.py:${config.model.code.entry}` : config.model.name;
}
