'use client';

import { type Run, runRoutes } from '@mallo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { routeKey } from '@/api/use-route';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/dialog';

export function CancelRun({ run }: { run: Run }) {
  const t = useTranslations('run.cancel');
  const queryClient = useQueryClient();
  const messageOf = useErrorMessage();
  const key = routeKey(runRoutes.get, { params: { runId: run.id } });
  const cancel = useMutation({
    mutationFn: () => client.call(runRoutes.cancel, { params: { runId: run.id } }),
    onSuccess: (changed) => queryClient.setQueryData(key, changed),
    onError: (error) => {
      toast.error(messageOf(error));
      void queryClient.invalidateQueries({ queryKey: key });
    },
  });
  return (
    <Confirm
      trigger={
        <Button size="sm" busy={cancel.isPending || run.status === 'cancelling'}>
          <Square aria-hidden />
          {t('action')}
        </Button>
      }
      title={t('title')}
      description={t('text')}
      action={t('confirm')}
      onConfirm={() => cancel.mutate()}
    />
  );
}
