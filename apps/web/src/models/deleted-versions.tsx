'use client';

import { type DeletedVersion, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useErrorMessage } from '@/errors/use-error-message';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/dialog';

/** What the models of a project hold, and the deleted versions, each of which can be restored until it is purged. */
export function DeletedVersions({ projectId }: { projectId: string }) {
  const t = useTranslations('models.deleted');
  const format = useFormat();
  const storage = useRoute(registryRoutes.storage, { params: { projectId } });
  if (storage.error) return <ProblemCard problem={storage.error} onRetry={() => storage.refetch()} />;
  if (!storage.data) return null;
  const { heldBytes, deleted } = storage.data;
  const freeable = deleted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const summary = t('held', { size: format.bytes(heldBytes), freeable: format.bytes(freeable) });
  if (deleted.length === 0) return heldBytes > 0 ? <p className="text-muted text-sm">{summary}</p> : null;
  return (
    <Section title={t('title')} aside={<span className="text-muted text-sm">{summary}</span>}>
      <ul className="divide-y">
        {deleted.map((version) => (
          <li key={`${version.modelId} ${version.version}`}>
            <Deleted version={version} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Deleted({ version: { modelId, modelName, version, purgeAt, sizeBytes } }: { version: DeletedVersion }) {
  const t = useTranslations('models.deleted');
  const format = useFormat();
  const queryClient = useQueryClient();
  const messageOf = useErrorMessage();
  const refresh = () =>
    Promise.all(
      [registryRoutes.storage, registryRoutes.list, registryRoutes.get].map((route) =>
        queryClient.invalidateQueries({ queryKey: routeKey(route) }),
      ),
    );
  const restore = useCall(registryRoutes.restore, { onSuccess: refresh });
  const purge = useCall(registryRoutes.purge, {
    onSuccess: async ({ freedBytes }) => {
      toast.success(t('freed', { size: format.bytes(freedBytes) }));
      await refresh();
    },
  });
  const error = restore.error ?? purge.error;
  const params = { modelId, version };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {modelName} {version}
        </p>
        <p className="text-muted text-sm">
          {t('until', { size: format.bytes(sizeBytes), when: format.date(purgeAt) })}
        </p>
      </div>
      <Button size="sm" busy={restore.isPending} onClick={() => restore.mutate({ params })}>
        {t('restore')}
      </Button>
      <Confirm
        trigger={
          <Button size="sm" busy={purge.isPending}>
            {t('purge.action')}
          </Button>
        }
        title={t('purge.title', { name: modelName, version })}
        description={t('purge.text', { size: format.bytes(sizeBytes) })}
        action={t('purge.action')}
        onConfirm={() => purge.mutate({ params })}
      />
      {error && (
        <p role="alert" className="basis-full text-danger text-sm">
          {messageOf(error)}
        </p>
      )}
    </div>
  );
}
