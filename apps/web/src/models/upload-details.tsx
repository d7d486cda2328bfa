'use client';

import type { ModelVersion, RegisteredModel } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Section } from '@/ui/card';
import { Table } from '@/ui/table';
import { Entry } from './entry';

type UploadDetailsProps = { version: ModelVersion; taskType: RegisteredModel['taskType'] };

/** What was said of a version when its files were registered. */
export function UploadDetails({ version, taskType }: UploadDetailsProps) {
  const t = useTranslations('models.details');
  const task = useTranslations('config.tasks');
  const format = useFormat();
  const { framework, architecture, inputShape, classNames, datasetName, memo, logged } = version;
  const metrics = Object.entries(version.metrics);
  return (
    <Section title={t('title')} aside={<Badge>{t(logged ? 'logged' : 'origin')}</Badge>}>
      <dl className="grid grid-cols-1 gap-x-10 p-4 sm:grid-cols-2">
        <Entry label={t('framework')}>{framework}</Entry>
        <Entry label={t('architecture')}>{architecture}</Entry>
        <Entry label={t('task')}>{taskType ? task(taskType) : t('unknown')}</Entry>
        <Entry label={t('inputShape')}>
          {inputShape?.map((size) => (size === -1 ? t('any') : String(size))).join(' × ') ?? t('unknown')}
        </Entry>
        <Entry label={t('classes')}>
          {classNames ? (
            <span title={classNames.slice(0, 100).join(', ')}>{t('classList', { count: classNames.length })}</span>
          ) : (
            t('unknown')
          )}
        </Entry>
        <Entry label={t('dataset')}>{datasetName ?? t('unknown')}</Entry>
      </dl>
      {memo && (
        <div className="grid gap-1 border-t px-4 py-3">
          <h3 className="text-muted text-sm">{t('memo')}</h3>
          <p className="wrap-anywhere whitespace-pre-wrap">{memo}</p>
        </div>
      )}
      {metrics.length > 0 && (
        <div className="border-t">
          <Table
            label={t('metrics')}
            columns={[{ label: t('metric') }, { label: t('value'), numeric: true }]}
            rows={metrics.map(([name, value]) => ({ key: name, cells: [name, format.number(value, 6)] }))}
          />
        </div>
      )}
    </Section>
  );
}
