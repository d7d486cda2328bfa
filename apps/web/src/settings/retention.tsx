'use client';

import { type RetentionPass, type RetentionSettings, retentionRoutes as routes } from '@mallo/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect } from 'react';
import { toast } from 'sonner';
import { callRoute, routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { useCurrentProject } from '@/projects/use-current-project';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Progress } from '@/ui/progress';
import { Skeleton } from '@/ui/skeleton';

const LOOK_EVERY_MS = 1000;
const FIELDS = ['deletedDays', 'detailDays'] as const;

/** How long the project keeps what its runs logged, what that holds, and removing what is past its time. */
export function RetentionOfProject() {
  const { project } = useCurrentProject();
  return project ? <ProjectRetention key={project.id} projectId={project.id} name={project.name} /> : null;
}

export function ProjectRetention({ projectId, name }: { projectId: string; name: string }) {
  const t = useTranslations('settings.retention');
  const queryClient = useQueryClient();
  const request = { params: { projectId } };
  const queryKey = routeKey(routes.get, request);
  const retention = useQuery({
    queryKey,
    queryFn: ({ signal }) => callRoute(routes.get, request, signal),
    refetchInterval: ({ state }) => (state.data?.pass?.state === 'running' ? LOOK_EVERY_MS : false),
  });
  const keep = { onSuccess: (answer: typeof retention.data) => queryClient.setQueryData(queryKey, answer) };
  const begin = useCall(routes.begin, keep);
  const cancel = useCall(routes.cancel, keep);
  const set = useCall(routes.set, {
    onSuccess: (answer) => {
      keep.onSuccess(answer);
      toast.success(t('saved'));
    },
  });
  const { settings, pass } = retention.data ?? {};
  const isRunning = pass?.state === 'running';
  // A pass that ended has changed what is held.
  const endedMs = pass?.endedMs;
  useEffect(() => {
    if (endedMs) void queryClient.invalidateQueries({ queryKey: routeKey(routes.held) });
  }, [endedMs, queryClient]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const days = (field: string) => (data.get(field) === '' ? null : Number(data.get(field)));
    set.mutate({ ...request, body: { deletedDays: days('deletedDays'), detailDays: days('detailDays') } });
  };
  const error = retention.error ?? set.error ?? begin.error ?? cancel.error;
  return (
    <Section title={t('title', { name })} aside={<Held projectId={projectId} />}>
      {error && <ProblemCard problem={error} onRetry={() => retention.refetch()} className="m-4" />}
      {retention.isPending && <Skeleton className="m-4 h-40" />}
      {settings && (
        <form onSubmit={submit} className="grid gap-4 p-4">
          {FIELDS.map((field) => (
            <Field key={field} label={t(`${field}.label`)} hint={t(`${field}.hint`)}>
              {(control) => (
                <Input
                  {...control}
                  name={field}
                  type="number"
                  inputMode="numeric"
                  min={0}
                  max={36_500}
                  step={1}
                  placeholder={t('forever')}
                  defaultValue={settings[field] ?? ''}
                  className="max-w-48"
                />
              )}
            </Field>
          ))}
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" busy={set.isPending}>
              {t('save')}
            </Button>
            <RemoveNow settings={settings} busy={begin.isPending || isRunning} onRemove={() => begin.mutate(request)} />
          </div>
        </form>
      )}
      {pass && <Pass pass={pass} busy={cancel.isPending} onCancel={() => cancel.mutate(request)} />}
    </Section>
  );
}

function Held({ projectId }: { projectId: string }) {
  const t = useTranslations('settings.retention');
  const format = useFormat();
  const held = useRoute(routes.held, { params: { projectId } }).data;
  if (!held) return null;
  return (
    <span className="text-muted text-sm">
      {t('held', {
        points: format.bytes(held.pointBytes),
        logs: format.bytes(held.logBytes),
        files: format.bytes(held.fileBytes),
        deleted: held.deleted.runs,
        freeable: format.bytes(held.deleted.bytes),
      })}
    </span>
  );
}

type RemoveNowProps = { settings: RetentionSettings; busy: boolean; onRemove: () => void };

/** Asks before it removes, in the words of what was saved. */
function RemoveNow({ settings: { deletedDays, detailDays }, busy, onRemove }: RemoveNowProps) {
  const t = useTranslations('settings.retention.now');
  const what = [
    deletedDays !== null && t('deleted', { days: deletedDays }),
    detailDays !== null && t('details', { days: detailDays }),
  ].filter((text) => text !== false);
  return (
    <Confirm
      trigger={
        <Button busy={busy} disabled={what.length === 0}>
          {t('action')}
        </Button>
      }
      title={t('title')}
      description={[...what, t('text')].join(' ')}
      action={t('action')}
      onConfirm={onRemove}
    />
  );
}

function Pass({ pass, busy, onCancel }: { pass: RetentionPass; busy: boolean; onCancel: () => void }) {
  const t = useTranslations('settings.retention.pass');
  const format = useFormat();
  const counts = t('counts', { removed: pass.removed, trimmed: pass.trimmed, freed: format.bytes(pass.freedBytes) });
  return (
    <div className="grid gap-2 border-t px-4 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="min-w-0 flex-1 text-muted text-sm">
          {t(pass.state, { when: format.ago(new Date(pass.endedMs ?? pass.beganMs).toISOString()) })} {counts}
        </p>
        {pass.state === 'running' && (
          <Button size="sm" busy={busy} onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
      </div>
      {pass.state === 'running' && <Progress label={t('label')} value={null} />}
    </div>
  );
}
