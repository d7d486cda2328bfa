'use client';

import { type ModelVersionSummary, type RegisteredModel, Stage } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Section } from '@/ui/card';
import { Link } from '@/ui/link';
import { Segmented } from '@/ui/segmented';
import { Table } from '@/ui/table';
import { modelHref } from '../model-href';
import { useMainFigure } from '../use-main-figure';

const TONES = { Staging: 'warn', Production: 'accent', Archived: 'neutral' } as const;

type VersionsProps = { model: RegisteredModel; version: string };

/** Every version of a model: by its stage, or as a list. */
export function Versions({ model, version }: VersionsProps) {
  const t = useTranslations('models.versions');
  const [view, setView] = useState<'stages' | 'list'>('stages');
  return (
    <Section
      title={t('title')}
      aside={
        <Segmented
          label={t('view')}
          value={view}
          onValueChange={setView}
          options={(['stages', 'list'] as const).map((value) => ({ value, label: t(value) }))}
        />
      }
    >
      {view === 'stages' ? (
        <StageBoard model={model} version={version} />
      ) : (
        <VersionTable model={model} version={version} />
      )}
    </Section>
  );
}

/** Staging, Production, Archived: read from the aliases, so moving an alias moves the version. */
function StageBoard({ model, version }: VersionsProps) {
  const t = useTranslations('models.versions');
  const stage = useTranslations('models.stages');
  return (
    <>
      <div className="grid grid-cols-1 divide-y sm:grid-cols-3 sm:divide-x sm:divide-y-0">
        {Stage.options.map((name) => (
          <section key={name} aria-label={stage(name)} className="grid content-start gap-2 p-4">
            <h3>
              <Badge tone={TONES[name]}>{stage(name)}</Badge>
            </h3>
            {model.stages[name].length === 0 && <p className="text-muted text-sm">{t('nothing')}</p>}
            <ul className="grid max-h-48 gap-1 overflow-y-auto">
              {model.stages[name].map((number) => (
                <li key={number}>
                  <VersionLink model={model} number={number} isShown={number === version} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="border-t px-4 py-2.5 text-muted text-sm">{t('meaning')}</p>
    </>
  );
}

function VersionLink({ model, number, isShown }: { model: RegisteredModel; number: string; isShown: boolean }) {
  const mainFigureOf = useMainFigure();
  const found = model.versions.find((one) => one.version === number);
  const figure = found && mainFigureOf(model.taskType, found);
  return (
    <Link
      href={modelHref({ modelId: model.id, version: number })}
      aria-current={isShown || undefined}
      scroll={false}
      className="tabular flex items-center justify-between gap-3 rounded-lg px-2 py-1 hover:bg-hover aria-[current]:bg-hover aria-[current]:font-semibold"
    >
      {number}
      {figure && <span className="text-muted text-sm">{figure.text}</span>}
    </Link>
  );
}

function VersionTable({ model, version }: VersionsProps) {
  const t = useTranslations('models.versions');
  const stage = useTranslations('models.stages');
  const format = useFormat();
  const mainFigureOf = useMainFigure();
  // One column stands for all: the versions of a model are judged alike.
  const [label] = model.versions.flatMap((one) => mainFigureOf(model.taskType, one)?.label ?? []);
  const stageOf = (number: string) => Stage.options.find((name) => model.stages[name].includes(number));
  const cells = (one: ModelVersionSummary) => {
    const its = stageOf(one.version);
    const aliases = Object.keys(model.aliases).filter((alias) => model.aliases[alias] === one.version);
    return [
      <Link
        key="version"
        href={modelHref({ modelId: model.id, version: one.version })}
        scroll={false}
        className="text-accent underline underline-offset-4"
      >
        {one.version}
      </Link>,
      <span key="stage" className="flex gap-1 py-1">
        {its && <Badge tone={TONES[its]}>{stage(its)}</Badge>}
        {aliases.map((alias) => (
          <Badge key={alias}>@{alias}</Badge>
        ))}
        {one.deprecation && <Badge tone="warn">{t('deprecated')}</Badge>}
      </span>,
      mainFigureOf(model.taskType, one)?.text ?? '–',
      format.bytes(one.sizeBytes),
      format.date(one.createdAt),
    ];
  };
  return (
    <Table
      label={t('list')}
      columns={[
        { label: t('version') },
        { label: t('stage') },
        { label: label ?? t('accuracy'), numeric: true },
        { label: t('size'), numeric: true },
        { label: t('when') },
      ]}
      rows={model.versions.map((one) => ({
        key: one.version,
        cells: cells(one),
        isMarked: one.version === version && model.versions.length > 1,
      }))}
    />
  );
}
