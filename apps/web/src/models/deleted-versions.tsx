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
  const { heldBytes, freeableBytes, deleted } = storage.data;
  const summary = t('held', { size: format.bytes(heldBytes), freeable: format.bytes(freeableBytes) });
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

function Deleted({ version: deleted }: { version: DeletedVersion }) {
  const { modelId, modelName, version, purgeAt, sizeBytes, freedBytes } = deleted;
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
    onSuccess: async (purged) => {
      const freed = format.bytes(purged.freedBytes);
      toast.success(t(`freed.${purged.freedBytes === 0 ? 'none' : 'all'}`, { freed }));
      await refresh();
    },
  });
  const error = restore.error ?? purge.error;
  const params = { modelId, version };
  // What its run names beside its own files goes with it, so it may be more than its size.
  const share = freedBytes === 0 ? 'none' : freedBytes < sizeBytes ? 'part' : 'all';
  const sizes = { size: format.bytes(sizeBytes), freed: format.bytes(freedBytes) };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {modelName} {version}
        </p>
        <p className="text-muted text-sm">{t(`until.${share}`, { ...sizes, when: format.date(purgeAt) })}</p>
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
        description={t(`purge.text.${share}`, sizes)}
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
