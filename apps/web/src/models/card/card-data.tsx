'use client';

import type { CardData as Data } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';
import { Link } from '@/ui/link';
import { Table } from '@/ui/table';

/** What a version learned from: which version of which dataset, how many images of each class, how they were split. */
export function CardData({ data }: { data: Data }) {
  const t = useTranslations('models.card.data');
  const format = useFormat();
  const { name, datasetId, sha256, statements, classes } = data;
  const count = (value: number | null) => (value === null ? '–' : format.whole(value));
  return (
    <Section
      title={t('title')}
      aside={
        datasetId && (
          <Link href={`/datasets/${datasetId}`} className="text-accent text-sm underline underline-offset-4">
            {name}
          </Link>
        )
      }
    >
      <div className="wrap-anywhere grid grid-cols-1 gap-1.5 p-4">
        {statements.map((statement) => (
          <p key={statement}>{statement}</p>
        ))}
        {sha256 && (
          <p className="flex min-w-0 items-center gap-1 text-muted text-xs">
            <code title={sha256} className="truncate font-mono">
              {t('sha256', { sha256 })}
            </code>
            <CopyButton text={sha256} label={t('copy')} />
          </p>
        )}
      </div>
      {classes.length > 0 && (
        <div className="border-t">
          <Table
            label={t('classes')}
            columns={[
              { label: t('class') },
              { label: t('images'), numeric: true },
              { label: t('share'), numeric: true },
              { label: t('validation'), numeric: true },
            ]}
            rows={classes.map((one) => ({
              key: one.name,
              cells: [
                one.name,
                count(one.imageCount),
                one.share === null ? '–' : <Share key="share" share={one.share} />,
                count(one.validationCount),
              ],
            }))}
          />
        </div>
      )}
    </Section>
  );
}

function Share({ share }: { share: number }) {
  const format = useFormat();
  return (
    <span className="flex items-center justify-end gap-2">
      <span aria-hidden className="hidden h-1.5 w-16 rounded-full bg-sunken sm:block">
        <span className="block h-full rounded-full bg-accent-strong" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="w-12 text-right">{format.percent(share)}</span>
    </span>
  );
}
