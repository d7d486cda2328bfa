'use client';

import { type ModelVersion, modelCardRoutes, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Ban, Ellipsis, FileText, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { client } from '@/api/client';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';

type VersionMenuProps = { model: RegisteredModel; version: ModelVersion };

/** What may become of a version: no longer to be used, or deleted. */
export function VersionMenu({ model, version }: VersionMenuProps) {
  const t = useTranslations('models.lifecycle');
  const [open, setOpen] = useState<'deprecate' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const locale = useLocale();
  const params = { modelId: model.id, version: version.version };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button size="icon" aria-label={t('menu', { version: version.version })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem asChild>
          <a href={client.url(modelCardRoutes.readme, { params, query: { locale } })} download>
            <FileText aria-hidden />
            {t('card')}
          </a>
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => setOpen('deprecate')}>
          <Ban aria-hidden />
          {version.deprecation ? t('deprecate.change') : t('deprecate.action')}
        </MenuItem>
        <MenuItem onSelect={() => setOpen('delete')}>
          <Trash2 aria-hidden />
          {t('delete.action')}
        </MenuItem>
      </Menu>
      {open === 'deprecate' && <Deprecate version={version} onClose={close} />}
      {open === 'delete' && <Delete model={model} version={version} onClose={close} />}
    </>
  );
}

function Deprecate({ version, onClose }: { version: ModelVersion; onClose: () => void }) {
  const t = useTranslations('models.lifecycle.deprecate');
  const queryClient = useQueryClient();
  const params = { modelId: version.modelId, version: version.version };
  const deprecate = useCall(registryRoutes.deprecate, {
    onSuccess: (changed) => {
      queryClient.setQueryData(routeKey(registryRoutes.version, { params }), changed);
      const model = { params: { modelId: version.modelId } };
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.get, model) });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    deprecate.mutate({ params, body: { deprecation: reason || null } });
  };
  return (
    <Dialog open onOpenChange={onClose} title={t('title', { version: version.version })} description={t('text')}>
      <form onSubmit={submit} className="grid gap-4">
        {deprecate.error && <ProblemCard problem={deprecate.error} />}
        <Field label={t('reason')} hint={version.deprecation ? t('hint') : undefined}>
          {(control) => (
            <Input
              {...control}
              name="reason"
              defaultValue={version.deprecation ?? ''}
              maxLength={1000}
              required={!version.deprecation}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" busy={deprecate.isPending}>
          {t('confirm')}
        </Button>
      </form>
    </Dialog>
  );
}

function Delete({ model, version, onClose }: VersionMenuProps & { onClose: () => void }) {
  const t = useTranslations('models.lifecycle.delete');
  const router = useRouter();
  const queryClient = useQueryClient();
  const isLast = model.versions.length === 1;
  const remove = useCall(registryRoutes.remove, {
    onSuccess: async () => {
      router.replace(isLast ? '/models' : `/models/${model.id}`, { scroll: false });
      await queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list) });
      if (!isLast) {
        await queryClient.invalidateQueries({
          queryKey: routeKey(registryRoutes.get, { params: { modelId: model.id } }),
        });
      }
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title={t('title', { version: version.version })} description={t('text')}>
      {remove.error && <ProblemCard problem={remove.error} />}
      <Button
        variant="danger"
        busy={remove.isPending || remove.isSuccess}
        onClick={() => remove.mutate({ params: { modelId: model.id, version: version.version } })}
      >
        {t('action')}
      </Button>
    </Dialog>
  );
}
