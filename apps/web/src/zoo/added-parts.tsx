'use client';

import { type AddedParts as Parts, zooRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';
import { Confirm } from '@/ui/dialog';

/** What a model of one's own is made of, to be read. */
export function AddedParts({ parts }: { parts: Parts }) {
  const t = useTranslations('zoo.added');
  const text = parts.kind === 'python' ? parts.code : parts.command;
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex items-center justify-between gap-3">
        <h3 className="font-semibold">{t(parts.kind)}</h3>
        <CopyButton text={text} label={t('copy')} />
      </div>
      {parts.kind === 'python' && (
        <p className="text-muted text-sm">{t('entry', { entry: parts.entry, sha256: parts.sha256.slice(0, 12) })}</p>
      )}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto whitespace-pre rounded-xl border bg-sunken p-3 font-mono text-xs"
      >
        {text}
      </pre>
      {parts.kind === 'docker' && <p className="text-muted text-sm">{t('contract')}</p>}
    </div>
  );
}

/** Takes a model of one's own out of the zoo. */
export function RemoveModel({ name, onRemoved }: { name: string; onRemoved: () => void }) {
  const t = useTranslations('zoo.added');
  const queryClient = useQueryClient();
  const removing = useCall(zooRoutes.remove, {
    onSuccess: () => {
      for (const route of [zooRoutes.search, zooRoutes.facets]) {
        void queryClient.invalidateQueries({ queryKey: routeKey(route) });
      }
      onRemoved();
    },
  });
  return (
    <div className="mr-auto grid gap-2">
      {removing.error && <ProblemCard problem={removing.error} />}
      <Confirm
        trigger={
          <Button variant="ghost" busy={removing.isPending}>
            <Trash2 aria-hidden />
            {t('remove')}
          </Button>
        }
        title={t('removeTitle', { name })}
        description={t('removeText')}
        action={t('remove')}
        onConfirm={() => removing.mutate({ params: { name } })}
      />
    </div>
  );
}
