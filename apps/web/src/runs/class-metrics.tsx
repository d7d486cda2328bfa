'use client';

import type { RunResult } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Table } from '@/ui/table';

/** Precision, recall and F1 of each class. */
export function ClassMetrics({ perClass }: { perClass: RunResult['perClass'] }) {
  const t = useTranslations('run.evaluation');
  const format = useFormat();
  return (
    <Table
      label={t('perClass')}
      columns={[
        { label: t('class') },
        { label: t('precision'), numeric: true },
        { label: t('recall'), numeric: true },
        { label: t('f1'), numeric: true },
        { label: t('support'), numeric: true },
      ]}
      rows={perClass.map(({ name, precision, recall, f1, support }) => ({
        key: name,
        cells: [name, format.percent(precision), format.percent(recall), format.percent(f1), format.whole(support)],
      }))}
    />
  );
}
