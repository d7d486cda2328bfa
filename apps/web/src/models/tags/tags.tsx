'use client';

import {
  type ModelVersion,
  type RegisteredModel,
  registryRoutes,
  TagChange,
  type Tags as TagsOf,
} from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { routeKey, useCall } from '@/api/use-route';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Input } from '@/ui/field';
import { tagText } from './tag-text';

/** What people noted of a model and of a version, to be found by. */
export function Tags({ model, version }: { model: RegisteredModel; version: ModelVersion }) {
  const t = useTranslations('models.tags');
  const queryClient = useQueryClient();
  const { modelId, version: number } = version;
  const refreshList = () => queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list) });
  const tagModel = useCall(registryRoutes.tag, {
    onSuccess: (changed) => {
      queryClient.setQueryData(routeKey(registryRoutes.get, { params: { modelId } }), changed);
      return refreshList();
    },
  });
  const tagVersion = useCall(registryRoutes.tagVersion, {
    onSuccess: (changed) => {
      queryClient.setQueryData(routeKey(registryRoutes.version, { params: { modelId, version: number } }), changed);
      return refreshList();
    },
  });
  return (
    <Section title={t('title')}>
      <div className="grid gap-4 p-4">
        <TagLine
          label={t('ofModel')}
          tags={model.tags}
          error={tagModel.error}
          isBusy={tagModel.isPending}
          onChange={(change) => tagModel.mutateAsync({ params: { modelId }, body: change })}
        />
        <TagLine
          label={t('ofVersion', { version: number })}
          tags={version.tags}
          error={tagVersion.error}
          isBusy={tagVersion.isPending}
          onChange={(change) => tagVersion.mutateAsync({ params: { modelId, version: number }, body: change })}
        />
      </div>
    </Section>
  );
}

type TagLineProps = {
  label: string;
  tags: TagsOf;
  error: Error | null;
  isBusy: boolean;
  onChange: (change: TagChange) => Promise<unknown>;
};

function TagLine({ label, tags, error, isBusy, onChange }: TagLineProps) {
  const t = useTranslations('models.tags');
  const messageOf = useErrorMessage();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
    const change = TagChange.safeParse({ [key.trim()]: value.trim() });
    setWrong(!change.success);
    if (!change.success) return;
    // A refusal is said below, and what was typed stays.
    await onChange(change.data).then(
      () => setText(''),
      () => undefined,
    );
  };
  return (
    <div className="grid gap-2">
      <h3 className="text-muted text-sm">{label}</h3>
      <div className="flex flex-wrap items-center gap-1.5">
        <ul aria-label={label} className="contents">
          {Object.entries(tags).map(([key, value]) => (
            <li key={key} className="flex h-7 max-w-full items-center rounded-md bg-hover pl-2.5 text-sm">
              <span className="truncate">{tagText(key, value)}</span>
              <button
                type="button"
                aria-label={t('remove', { tag: key })}
                disabled={isBusy}
                onClick={() => onChange({ [key]: null }).catch(() => undefined)}
                className="grid size-7 shrink-0 place-items-center text-muted hover:text-fg"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
        <form onSubmit={add} className="flex items-center gap-1">
          <Input
            aria-label={t('new')}
            aria-invalid={isWrong}
            placeholder={t('example')}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
            className="h-7 w-40 text-sm"
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" size="icon" variant="ghost" aria-label={t('add')} busy={isBusy} disabled={!text.trim()}>
            {!isBusy && <Plus aria-hidden />}
          </Button>
        </form>
      </div>
      {(isWrong || error) && (
        <p role="alert" className="text-danger text-sm">
          {isWrong ? t('wrong') : messageOf(error)}
        </p>
      )}
    </div>
  );
}
