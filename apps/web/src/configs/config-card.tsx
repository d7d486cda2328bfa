'use client';

import { type ConfigCard as Card_, datasetRoutes } from '@mallo/contracts';
import { ChevronDown, Play, SlidersHorizontal, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import type { ShowRun } from '@/runs/run-point';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { cn } from '@/ui/cn';
import { Select } from '@/ui/select';
import { Tooltip } from '@/ui/tooltip';
import { ConfigRow } from './config-row';
import { ConfigWarnings } from './config-warnings';
import { EstimateLines } from './estimate-lines';
import { FieldControl, QUIET_CONTROL } from './field-control';
import { type FieldName, MAIN_FIELDS, OTHER_FIELDS } from './field-value';
import { ModelCombobox } from './model-combobox';
import { ResourceRows } from './resource-rows';
import { useConfigCard } from './use-config-card';

type ConfigCardProps = {
  card: Card_;
  projectId: string;
  /** The text of the message that was understood. */
  message: string;
  onShowRun: ShowRun;
};

/** What will be trained: each value, where it came from, changed in place, and started once. */
export function ConfigCard({ card, projectId, message, onShowRun }: ConfigCardProps) {
  const t = useTranslations('config');
  const { change, undo, isChanging, refusals, startCard, isStarting, error } = useConfigCard(card, onShowRun);
  const datasets = useRoute(datasetRoutes.list, card.runId ? null : { params: { projectId } });
  const [invalid, setInvalid] = useState<ReadonlySet<FieldName>>(new Set());
  const { config, origin, estimate, warnings, runId } = card;
  const isStarted = runId !== null;
  const canUndo = card.canUndo && !isStarted && !isChanging && !isStarting;
  const onKeyDown = (event: KeyboardEvent) => {
    // In a text the keys take back what was typed.
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (canUndo) undo();
  };

  const row = (name: FieldName) => (
    <ConfigRow key={name} label={t(`fields.${name}`)} origin={origin[`hyperparameters.${name}`]} message={message}>
      <FieldControl
        key={refusals}
        name={name}
        value={config.hyperparameters[name]}
        disabled={isStarted}
        onChange={(value) => change({ hyperparameters: { [name]: value } })}
        onInvalid={(is) =>
          setInvalid((names) => {
            const others = [...names].filter((other) => other !== name);
            return new Set(is ? [...others, name] : others);
          })
        }
      />
    </ConfigRow>
  );
  const options = (datasets.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (!options.some(({ value }) => value === config.dataset.id)) {
    options.unshift({ value: config.dataset.id, label: config.dataset.name });
  }

  return (
    <Card
      role="group"
      aria-label={t('title')}
      data-testid="config-card"
      className="@container overflow-hidden"
      onKeyDown={onKeyDown}
    >
      <div className="flex h-11 items-center gap-2 border-b pr-2 pl-4">
        <SlidersHorizontal aria-hidden className="size-4 text-accent" />
        <h2 className="shrink-0 font-semibold">{t('title')}</h2>
        <span className="ml-auto" />
        {!isStarted && (
          <Tooltip content={t('undoHint')}>
            {/* Not `disabled`: that would take the focus from under the keys that undo once more. */}
            <Button
              variant="ghost"
              size="sm"
              aria-disabled={!canUndo}
              className="aria-disabled:opacity-50"
              onClick={() => canUndo && undo()}
            >
              <Undo2 aria-hidden />
              {t('undo')}
            </Button>
          </Tooltip>
        )}
      </div>
      <dl className="grid px-2 py-1.5">
        <ConfigRow label={t('fields.task')} origin={origin.taskType} message={message}>
          <p className="truncate px-2 font-medium">{t(`tasks.${config.taskType}`)}</p>
        </ConfigRow>
        <ConfigRow label={t('fields.model')} origin={origin['model.name']} message={message}>
          <ModelCombobox
            value={config.model.name}
            disabled={isStarted}
            onChange={(modelName) => change({ modelName })}
          />
        </ConfigRow>
        <ConfigRow label={t('fields.dataset')} origin={origin.dataset} message={message}>
          <Select
            label={t('fields.dataset')}
            className={cn(QUIET_CONTROL, 'font-medium')}
            disabled={isStarted}
            value={config.dataset.id}
            onValueChange={(datasetId) => change({ datasetId })}
            options={options}
          />
        </ConfigRow>
        <ConfigRow label={t('fields.classes')} origin={origin.classNames} message={message}>
          <p className="truncate px-2 font-medium" title={config.classNames.join(', ')}>
            {t('classes', { count: config.classNames.length, names: config.classNames.join(', ') })}
          </p>
        </ConfigRow>
        {MAIN_FIELDS.map(row)}
        <ResourceRows card={card} message={message} />
      </dl>
      <details className="group border-t">
        <summary className="flex h-10 list-none items-center gap-1.5 px-4 font-medium text-muted text-sm hover:text-fg">
          <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
          {t('more', { count: OTHER_FIELDS.length })}
        </summary>
        <dl className="grid px-2 pb-2">{OTHER_FIELDS.map(row)}</dl>
      </details>
      {!isStarted && (
        <ConfigWarnings warnings={warnings} disabled={isChanging || isStarting} onFix={(fix) => change(fix)} />
      )}
      {error && <ProblemCard problem={error} className="m-3" />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t bg-sunken px-4 py-3">
        <div className="grid min-w-0 flex-1 basis-64 grid-cols-1 gap-1 text-sm">
          <EstimateLines estimate={estimate} />
          <p className="font-mono text-muted text-xs" title={card.hash}>
            {t('hash', { hash: card.hash.slice(0, 10) })}
          </p>
        </div>
        {isStarted ? (
          <Button key="show" className="ml-auto" onClick={() => onShowRun(runId)}>
            {t('showRun')}
          </Button>
        ) : (
          <Button
            variant="primary"
            key="start"
            className="ml-auto"
            data-testid="start-training"
            busy={isStarting}
            disabled={invalid.size > 0}
            onClick={startCard}
          >
            <Play aria-hidden />
            {t('start')}
          </Button>
        )}
      </div>
    </Card>
  );
}
