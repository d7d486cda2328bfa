'use client';

import type { ZooDetails as Details } from '@mallo/contracts';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { CopyButton } from '@/ui/copy-button';
import { ScrollRegion } from '@/ui/scroll-region';
import { Table } from '@/ui/table';
import { AddedParts, RemoveModel } from './added-parts';
import { TrainThis } from './train-this';
import { UNKNOWN, useZooText } from './use-zoo-text';
import { METRIC_NAMES } from './zoo-names';

/** Images of one step, by which the memory of models is compared. */
const BATCH = 32;

type ZooDetailsProps = { model: Details; onOpen: (key: string) => void; onRemoved: () => void };

export function ZooDetails({ model, onOpen, onRemoved }: ZooDetailsProps) {
  const t = useTranslations('zoo.details');
  const task = useTranslations('config.tasks');
  const locale = useLocale();
  const format = useFormat();
  const text = useZooText();
  const { catalogue, missing, added, alternatives } = model;
  const [instead] = alternatives;
  const normalization = model.mean && model.std && `${list(model.mean)} / ${list(model.std)}`;
  return (
    <>
      <ScrollRegion label={model.name} className="min-h-0 flex-1">
        <div className="grid grid-cols-1 gap-6 p-4 sm:p-6">
          <div className="flex flex-wrap items-center gap-1.5">
            <Badge tone="accent">{task(model.taskType)}</Badge>
            <Badge>{text.source(model.source)}</Badge>
            <Badge>{model.family}</Badge>
            <span className="ml-auto flex items-center gap-1 font-mono text-muted text-xs">
              {model.key}
              <CopyButton text={model.key} label={t('copyKey')} />
            </span>
          </div>
          {missing && (
            <p className="flex items-start gap-2.5 rounded-xl border border-warn-line bg-warn-soft px-4 py-3">
              <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0 text-warn" />
              {missing.message[locale]}
            </p>
          )}
          {instead && (
            <Part title={t('alternatives')}>
              <ul className="divide-y rounded-xl border">
                {alternatives.map((one) => (
                  <li key={one.key} className="flex flex-wrap items-baseline gap-x-3 px-3 py-2">
                    <button
                      type="button"
                      onClick={() => onOpen(one.key)}
                      className="font-medium text-accent underline underline-offset-4"
                    >
                      {one.name}
                    </button>
                    <span className="min-w-0 flex-1 text-muted text-sm">{task(one.taskType)}</span>
                    <span className="tabular text-muted text-sm">
                      {text.params(one.paramsM)} · {text.figure(one.accuracy)}
                    </span>
                  </li>
                ))}
              </ul>
            </Part>
          )}
          <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line sm:grid-cols-3">
            <Figure label={t('params')}>{text.params(model.paramsM)}</Figure>
            <Figure label={t('gmacs')}>{text.gmacs(model.gflops)}</Figure>
            <Figure label={t('inputSize')}>
              {text.pixels(model.inputSize)}
              {model.fixedInputSize && <span className="ml-1.5 font-normal text-muted text-sm">{t('fixed')}</span>}
            </Figure>
            <Figure label={t('memory', { batch: BATCH })}>{text.bytes(model.trainingMemoryBytes)}</Figure>
            <Figure label={t('license')}>{model.license ?? UNKNOWN}</Figure>
            <Figure label={t('extra')}>
              {model.extra.name}{' '}
              <span className="font-normal text-muted text-sm">{t(model.extra.installed ? 'there' : 'notThere')}</span>
            </Figure>
          </dl>
          {added && <AddedParts parts={added} />}
          {!added && (
            <>
              <Part title={t('published')}>
                {model.published.length === 0 ? (
                  <p className="text-muted">{t('noPublished')}</p>
                ) : (
                  <div className="overflow-hidden rounded-xl border">
                    <Table
                      label={t('published')}
                      columns={[
                        { label: t('metric') },
                        { label: t('value'), numeric: true },
                        { label: t('dataset') },
                        { label: t('weights') },
                        { label: t('source') },
                      ]}
                      rows={model.published.map((figure, index) => ({
                        key: String(index),
                        cells: [
                          <Whole key="metric">{METRIC_NAMES[figure.metric]}</Whole>,
                          <Whole key="value">{`${format.number(figure.value, 4)}%`}</Whole>,
                          <Whole key="dataset">
                            {`${figure.dataset}${figure.inputSize ? ` (${text.pixels(figure.inputSize)})` : ''}`}
                          </Whole>,
                          <Whole key="weights">{figure.tag ?? UNKNOWN}</Whole>,
                          <span key="source" className="inline-block min-w-40 font-mono text-muted text-xs">
                            {figure.source}
                          </span>,
                        ],
                      }))}
                    />
                  </div>
                )}
              </Part>
              <Part title={t('pretrained')}>
                {model.pretrained.length === 0 ? (
                  <p className="text-muted">{t('noPretrained')}</p>
                ) : (
                  <ScrollRegion label={t('pretrained')} className="max-h-64 rounded-xl border">
                    <ul className="divide-y">
                      {model.pretrained.map(({ tag, hubId, license }) => (
                        <li key={tag} className="flex flex-wrap items-baseline gap-x-3 px-3 py-1.5">
                          <span className="font-medium font-mono text-sm">{tag}</span>
                          <span className="min-w-0 flex-1 truncate text-muted text-xs">{hubId}</span>
                          {license && <span className="text-muted text-xs">{license}</span>}
                        </li>
                      ))}
                    </ul>
                  </ScrollRegion>
                )}
              </Part>
            </>
          )}
          <dl className="grid gap-1 text-muted text-sm">
            {normalization && <Line label={t('normalization')}>{normalization}</Line>}
            {model.publishedTrainingMemoryGb !== null && (
              <Line label={t('publishedMemory')}>{text.bytes(model.publishedTrainingMemoryGb * 1e9)}</Line>
            )}
            {catalogue && <Line label={t('catalogue')}>{`${catalogue.library} ${catalogue.version}`}</Line>}
          </dl>
        </div>
      </ScrollRegion>
      <div className="flex shrink-0 items-center justify-end gap-2 border-t px-4 py-3 sm:px-6">
        {added && <RemoveModel name={model.name} onRemoved={onRemoved} />}
        {model.trainable && <TrainThis name={model.name} isPrimary />}
        {instead && <TrainThis name={instead.name} isInstead />}
      </div>
    </>
  );
}

function list(values: number[]): string {
  return values.join(', ');
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-0.5 bg-surface px-3 py-2.5">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="tabular font-semibold text-lg">{children}</dd>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-2">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </div>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt>{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

/** A figure or a name that is not broken in two; where that is too wide, the table scrolls. */
function Whole({ children }: { children: ReactNode }) {
  return <span className="whitespace-nowrap">{children}</span>;
}
