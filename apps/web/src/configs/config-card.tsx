'use client';

import { type ConfigCard as Card_, datasetRoutes } from '@mallo/contracts';
import { ChevronDown, Play, SlidersHorizontal, Timer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { cn } from '@/ui/cn';
import { Select } from '@/ui/select';
import { FieldControl, QUIET_CONTROL } from './field-control';
import { type FieldName, MAIN_FIELDS, OTHER_FIELDS } from './field-value';
import { ModelCombobox } from './model-combobox';
import { OriginBadge } from './origin-badge';
import { useConfigCard } from './use-config-card';

type ConfigCardProps = {
  card: Card_;
  projectId: string;
  /** The text of the message that was understood. */
  message: string;
  onShowRun: (runId: string) => void;
};

/** What will be trained: each value, where it came from, changed in place, and started once. */
export function ConfigCard({ card, projectId, message, onShowRun }: ConfigCardProps) {
  const t = useTranslations('config');
  const format = useFormat();
  const { change, refusals, startCard, isStarting, error } = useConfigCard(card, onShowRun);
  const datasets = useRoute(datasetRoutes.list, card.runId ? null : { params: { projectId } });
  const [invalid, setInvalid] = useState<ReadonlySet<FieldName>>(new Set());
  const { config, origin, estimate, runId } = card;
  const isStarted = runId !== null;

  const row = (name: FieldName) => (
    <Row
      key={name}
      label={t(`fields.${name}`)}
      badge={<OriginBadge origin={origin[`hyperparameters.${name}`]} message={message} />}
    >
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
    </Row>
  );
  const options = (datasets.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (!options.some(({ value }) => value === config.dataset.id)) {
    options.unshift({ value: config.dataset.id, label: config.dataset.name });
  }

  return (
    <Card role="group" aria-label={t('title')} data-testid="config-card" className="@container overflow-hidden">
      <div className="flex items-center gap-2 border-b px-4 py-2.5">
        <SlidersHorizontal aria-hidden className="size-4 text-accent" />
        <h2 className="font-semibold">{t('title')}</h2>
        <span className="ml-auto text-muted text-sm">{t(`tasks.${config.taskType}`)}</span>
      </div>
      <dl className="grid px-2 py-1.5">
        <Row label={t('fields.model')} badge={<OriginBadge origin={origin['model.name']} message={message} />}>
          <ModelCombobox
            value={config.model.name}
            disabled={isStarted}
            onChange={(modelName) => change({ modelName })}
          />
        </Row>
        <Row label={t('fields.dataset')} badge={<OriginBadge origin={origin.dataset} message={message} />}>
          <Select
            label={t('fields.dataset')}
            className={cn(QUIET_CONTROL, 'font-medium')}
            disabled={isStarted}
            value={config.dataset.id}
            onValueChange={(datasetId) => change({ datasetId })}
            options={options}
          />
        </Row>
        <Row label={t('fields.classes')} badge={<OriginBadge origin={origin.classNames} message={message} />}>
          <p className="truncate px-2 font-medium" title={config.classNames.join(', ')}>
            {t('classes', { count: config.classNames.length, names: config.classNames.join(', ') })}
          </p>
        </Row>
        {MAIN_FIELDS.map(row)}
      </dl>
      <details className="group border-t">
        <summary className="flex h-10 list-none items-center gap-1.5 px-4 font-medium text-muted text-sm hover:text-fg">
          <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
          {t('more', { count: OTHER_FIELDS.length })}
        </summary>
        <dl className="grid px-2 pb-2">{OTHER_FIELDS.map(row)}</dl>
      </details>
      {error && <ProblemCard problem={error} className="mx-3 mb-3" />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t bg-sunken px-4 py-3">
        <div className="min-w-0 flex-1 text-sm">
          <p className="flex items-center gap-1.5">
            <Timer aria-hidden className="size-3.5 text-muted" />
            {estimate
              ? t(`estimate.${estimate.basis}`, { duration: format.duration(estimate.seconds) })
              : t('estimate.unknown')}
          </p>
          <p className="font-mono text-muted text-xs" title={card.hash}>
            {t('hash', { hash: card.hash.slice(0, 10) })}
          </p>
        </div>
        {isStarted ? (
          <Button key="show" onClick={() => onShowRun(runId)}>
            {t('showRun')}
          </Button>
        ) : (
          <Button
            variant="primary"
            key="start"
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

function Row({ label, badge, children }: { label: string; badge: ReactNode; children: ReactNode }) {
  return (
    <div className="grid min-h-9 grid-cols-[minmax(5.5rem,8.5rem)_minmax(0,1fr)] items-center gap-x-1 px-2 pb-1 @md:pb-0 @md:grid-cols-[8.5rem_minmax(0,1fr)_minmax(0,9rem)]">
      <dt className="text-muted text-sm">{label}</dt>
      <dd className="min-w-0">{children}</dd>
      <dd className="col-start-2 flex min-w-0 justify-start px-2 @md:col-start-3 @md:justify-end @md:px-0">{badge}</dd>
    </div>
  );
}
