'use client';

import { zooRoutes } from '@mallo/contracts';
import { Command } from 'cmdk';
import { ChevronsUpDown, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { CONTROL } from '@/ui/field';
import { QUIET_CONTROL } from './field-control';

type ModelComboboxProps = { value: string; disabled: boolean; onChange: (name: string) => void };

/** The model's name, found among all that can be trained. */
export function ModelCombobox({ value, disabled, onChange }: ModelComboboxProps) {
  const t = useTranslations('config');
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        disabled={disabled}
        aria-label={t('chooseModel', { name: value })}
        className={cn(CONTROL, QUIET_CONTROL, 'flex items-center justify-between gap-2 text-left font-medium')}
      >
        <span className="truncate">{value}</span>
        {!disabled && <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('fields.model')}
          className="fade-in-0 z-50 w-88 max-w-[calc(100vw-1rem)] animate-in overflow-hidden rounded-xl border bg-raised shadow-high"
        >
          <ModelSearch
            onChoose={(name) => {
              setOpen(false);
              if (name !== value) onChange(name);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ModelSearch({ onChoose }: { onChoose: (name: string) => void }) {
  const t = useTranslations('config');
  const format = useFormat();
  const [text, setText] = useState('');
  const request = { query: { query: useDeferredValue(text), limit: 30 } };
  const models = useRoute(zooRoutes.search, request, { keepsBefore: true });
  return (
    <Command shouldFilter={false} label={t('searchModels')}>
      <div className="flex items-center gap-2 border-b px-3">
        <Search aria-hidden className="size-4 text-muted" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder={t('searchModels')}
          className="h-10 w-full bg-transparent outline-none"
        />
      </div>
      <Command.List label={t('fields.model')} className="max-h-72 overflow-y-auto p-1">
        {models.data?.models.length === 0 && <p className="px-3 py-6 text-center text-muted">{t('noModel')}</p>}
        {models.data?.models.map(({ name, paramsM, inputSize }) => (
          <Command.Item
            key={name}
            value={name}
            onSelect={onChoose}
            className="flex h-9 items-center justify-between gap-3 rounded-lg px-2.5 data-[selected=true]:bg-hover"
          >
            <span className="truncate font-medium">{name}</span>
            <span className="tabular shrink-0 text-muted text-xs">
              {paramsM !== null && t('params', { count: format.number(paramsM) })}
              {inputSize !== null && ` · ${inputSize}px`}
            </span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
