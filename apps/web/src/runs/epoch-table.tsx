'use client';

import type { RunView } from '@mallo/client';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Table } from '@/ui/table';
import { curveRows } from './curve-points';

const COLUMNS = ['train_loss', 'val_loss', 'train_accuracy', 'val_accuracy'] as const;

/** The curves in figures, an epoch a row. */
export function EpochTable({ curves, markedEpoch }: { curves: RunView['curves']; markedEpoch?: number }) {
  const t = useTranslations('run.curves');
  const format = useFormat();
  const rows = curveRows(curves, COLUMNS, ([epoch]) => epoch);
  return (
    <Table
      label={t('byEpoch')}
      columns={[{ label: t('epoch') }, ...COLUMNS.map((key) => ({ label: t(`columns.${key}`), numeric: true }))]}
      rows={rows.map((row) => ({
        key: String(row.x),
        isMarked: row.x === markedEpoch,
        cells: [
          format.whole(row.x),
          ...COLUMNS.map((key) => {
            const value = row[key];
            if (value === undefined) return '–';
            return key.endsWith('accuracy') ? format.percent(value, 1) : format.number(value, 4);
          }),
        ],
      }))}
    />
  );
}
