'use client';

import { ApiError } from '@mallo/client';
import { datasetRoutes, registryRoutes, TaskType } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input, SuggestedInput } from '@/ui/field';
import { Select } from '@/ui/select';
import { TextArea } from '@/ui/text-area';
import { useRested } from '@/ui/use-rested';
import { FRAMEWORKS } from '../frameworks';
import { FileList } from './file-list';
import { MetricsField } from './metrics-field';
import { type Draft, type DraftField, EMPTY_DRAFT, readDraft } from './registration-draft';
import { useFileUploads } from './use-file-uploads';
import { useRegistration } from './use-registration';
import { VersionChoice } from './version-choice';

/** The choice of a dataset that is not of the project. */
const ANOTHER = 'another';

type TextField = Exclude<DraftField, 'bump' | 'taskType' | 'datasetVersion'>;

/** Makes a version of files that are chosen here. */
export function RegisterForm({ projectId }: { projectId: string }) {
  const t = useTranslations('models.register');
  const task = useTranslations('config.tasks');
  const form = useRef<HTMLFormElement>(null);
  const files = useFileUploads();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  // What is wrong is said when the form is sent, and from then on as it is put right.
  const [presses, setPresses] = useState(0);
  const { register, send } = useRegistration(projectId);
  // Names that are like the one that is typed, to add a version to.
  const search = useRested(draft.name.trim().slice(0, 200));
  const models = useRoute(registryRoutes.list, { params: { projectId }, query: { search, limit: 20 } });

  const datasets = useRoute(datasetRoutes.list, { params: { projectId } });

  // Progress of uploads renders this often, and there may be thousands of class names.
  const read = useMemo(() => readDraft(draft), [draft]);
  const problems = 'problems' in read ? read.problems : {};
  const filesProblem = files.uploads.length === 0 ? 'none' : uploadIds(files.uploads) ? null : 'unfinished';
  const isPressed = presses > 0;
  const change = <F extends DraftField>(field: F, value: Draft[F]) => setDraft((now) => ({ ...now, [field]: value }));
  const textOf = (field: DraftField) => {
    const problem = problems[field];
    return problem ? t(`invalid.${problem.key}`, { about: problem.about ?? '' }) : null;
  };
  const errorOf = (field: DraftField) => (isPressed ? textOf(field) : null);
  const text = (field: TextField) => ({
    value: draft[field],
    onChange: (event: { target: { value: string } }) => change(field, event.target.value),
  });

  useEffect(() => {
    if (presses > 0) form.current?.querySelector<HTMLElement>('[data-invalid], [aria-invalid="true"]')?.focus();
  }, [presses]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPresses((count) => count + 1);
    const uploaded = uploadIds(files.uploads);
    if ('described' in read && uploaded) send({ ...read.described, files: uploaded });
  };
  const isUploadGone = register.error instanceof ApiError && register.error.code === 'upload.not_found';
  const uploadAgain = () => {
    register.reset();
    for (const upload of files.uploads) files.resume(upload.id);
  };

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={t('title')} className="grid grid-cols-1 gap-6">
      <FileList files={files} problem={isPressed && filesProblem ? t(`files.${filesProblem}`) : null} />
      <Section title={t('model')}>
        <div className="grid grid-cols-1 gap-5 p-4">
          <Field label={t('name')} hint={t('nameHint')} error={errorOf('name')}>
            {(control) => (
              <SuggestedInput
                {...control}
                {...text('name')}
                suggestions={models.data?.models.map(({ name }) => name) ?? []}
                required
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <VersionChoice
            projectId={projectId}
            name={draft.name}
            value={draft.bump}
            onChange={(bump) => change('bump', bump)}
          />
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
            <Field label={t('framework')} hint={t('frameworkHint')} error={errorOf('framework')}>
              {(control) => <SuggestedInput {...control} {...text('framework')} suggestions={FRAMEWORKS} required />}
            </Field>
            <Field label={t('architecture')} hint={t('architectureHint')} error={errorOf('architecture')}>
              {(control) => <Input {...control} {...text('architecture')} required spellCheck={false} />}
            </Field>
            <Field label={t('task')}>
              {({ id: controlId }) => (
                <Select
                  id={controlId}
                  value={draft.taskType}
                  onValueChange={(value) => change('taskType', TaskType.parse(value))}
                  options={TaskType.options.map((value) => ({ value, label: task(value) }))}
                />
              )}
            </Field>
            <Field label={t('inputShape')} hint={t('inputShapeHint')} error={errorOf('inputShape')}>
              {(control) => <Input {...control} {...text('inputShape')} spellCheck={false} />}
            </Field>
          </div>
          <Field label={t('classNames')} hint={t('classNamesHint')} error={errorOf('classNames')}>
            {(control) => <TextArea {...control} {...text('classNames')} spellCheck={false} />}
          </Field>
        </div>
      </Section>
      <Section title={t('origin')}>
        <div className="grid grid-cols-1 gap-5 p-4">
          {datasets.data && datasets.data.length > 0 && (
            <Field label={t('measuredOn')} hint={t('measuredOnHint')}>
              {({ id: controlId }) => (
                <Select
                  id={controlId}
                  value={draft.datasetVersion || ANOTHER}
                  onValueChange={(value) => change('datasetVersion', value === ANOTHER ? '' : value)}
                  options={[
                    { value: ANOTHER, label: t('anotherDataset') },
                    ...datasets.data.map(({ name, version }) => ({
                      value: version.id,
                      label: t('datasetVersion', { name, number: version.number }),
                    })),
                  ]}
                />
              )}
            </Field>
          )}
          {!draft.datasetVersion && (
            <Field label={t('dataset')} hint={t('datasetHint')} error={errorOf('datasetName')}>
              {(control) => <Input {...control} {...text('datasetName')} />}
            </Field>
          )}
          <MetricsField
            {...text('metrics')}
            problem={problems.metrics}
            error={textOf('metrics')}
            isPressed={isPressed}
          />
          <Field label={t('memo')} hint={t('memoHint')} error={errorOf('memo')}>
            {(control) => <TextArea {...control} {...text('memo')} />}
          </Field>
        </div>
      </Section>
      {register.error && (
        <ProblemCard problem={register.error}>
          {isUploadGone && (
            <Button size="sm" onClick={uploadAgain}>
              {t('uploadAgain')}
            </Button>
          )}
        </ProblemCard>
      )}
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 flex-1 basis-64 text-muted text-sm">
          {register.isPending && t('checking')}
        </p>
        <Button type="submit" variant="primary" size="lg" busy={register.isPending || register.isSuccess}>
          {t('action')}
        </Button>
      </div>
    </form>
  );
}

/** The uploads as a registration names them; null until all have arrived. */
function uploadIds(uploads: ReturnType<typeof useFileUploads>['uploads']) {
  const done = uploads.flatMap(({ file, state }) =>
    state.status === 'done' ? [{ uploadId: state.uploadId, name: file.name }] : [],
  );
  return done.length > 0 && done.length === uploads.length ? done : null;
}
